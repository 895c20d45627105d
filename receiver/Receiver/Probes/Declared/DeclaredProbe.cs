using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>A probe that was written in the language of probe files. It is compiled for this kernel when it is first attached or explained.</summary>
internal sealed class DeclaredProbe : Probe
{
    private readonly ProbeForge _forge;
    private readonly DeclaredParts _parts;
    private readonly Lock _gate = new();
    private ForgedProbe? _forged;
    private AttachedProbe? _attached;

    /// <param name="source">What it was written as.</param>
    /// <param name="forge">Compiles it.</param>
    /// <param name="parts">What it feeds.</param>
    public DeclaredProbe(ProbeSource source, ProbeForge forge, DeclaredParts parts)
    {
        Source = source;
        _forge = forge;
        _parts = parts;
    }

    /// <summary>What it was written as.</summary>
    public ProbeSource Source { get; }

    /// <summary>Whether it is to run.</summary>
    public bool IsWanted { get; init; } = true;

    /// <summary>It takes the place of a probe that runs: it counts from the moment on in which it is told that it is attached.</summary>
    public bool IsReplacement { get; init; }

    /// <summary>What it reads while it is attached; null before it was compiled.</summary>
    public DeclaredReadings? Readings { get; private set; }

    /// <inheritdoc/>
    public override string Name => Source.Name;

    /// <inheritdoc/>
    public override string Description => Source.Description.Length > 0 ? Source.Description : $"Declared in {Source.Origin}.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Emits => [.. Source.Definition.Emit.Select(NameOf).Distinct()];

    /// <inheritdoc/>
    public override string Origin => Source.Origin;

    /// <inheritdoc/>
    public override string Group => Source.Group;

    /// <inheritdoc/>
    public override string ObjectName => Source.Definition.Location.ToString();

    /// <summary>Whoever writes alternatives down has an order in mind.</summary>
    public override bool KeepsOrder => true;

    /// <inheritdoc/>
    public override bool MayBeMissing => Source.Definition.Missing == MissingPolicy.Skip;

    /// <inheritdoc/>
    public override LibraryFiles? Libraries => _forged is { } forged ? DeclaredLibraries.Of(forged.Compiled.Probe) : null;

    /// <inheritdoc/>
    public override bool IsCompiled => _forged is not null;

    /// <inheritdoc/>
    public override double SamplingRatio => Readings?.Budget.Ratio ?? 1;

    /// <inheritdoc/>
    public override ProbeReason? Blindness => Readings?.Sets.Absent is { } absent ? new ProbeReason("", absent) : null;

    /// <inheritdoc/>
    public override IEnumerable<(string Map, int Entries)> OwnEntries => Readings?.Entries ?? [];

    /// <summary>What it is on this machine.</summary>
    /// <exception cref="BpfException">It can't be compiled for this kernel; the message says where and why.</exception>
    public ForgedProbe Forge()
    {
        lock (_gate)
        {
            if (_forged is { } known) return known;
            ForgedProbe forged = _forge.Make(Source.Definition);
            Readings = new DeclaredReadings(Source, forged, _parts);
            return _forged = forged;
        }
    }

    /// <inheritdoc/>
    public override BpfObjectSpec ReadObject() => Forge().Compiled.Object;

    /// <inheritdoc/>
    public override void OnMade(BpfObject made)
    {
        Readings!.Attach(made);
        if (Readings.HasEvents) _parts.Events?.Add(_forged!.Id, Readings.Scope, Readings.Events, isActive: !IsReplacement);
    }

    /// <inheritdoc/>
    public override void OnAttached(AttachedProbe attached, ulong monotonic, ulong unix)
    {
        _attached = attached;
        if (!IsReplacement) return;
        Readings!.Restart(unix);
        _parts.Events?.Begin(_forged!.Id, monotonic);
    }

    /// <inheritdoc/>
    public override void OnReplaced(ulong monotonic)
    {
        if (_forged is { } forged) _parts.Events?.End(forged.Id, monotonic);
    }

    /// <inheritdoc/>
    public override void OnDetached()
    {
        _attached = null;
        Readings?.Detach();
        if (_forged is { } forged) _parts.Events?.Remove(forged.Id);
    }

    /// <inheritdoc/>
    public override void Read(Collection collection) => Readings?.Read(collection.Previous);

    /// <inheritdoc/>
    public override void Write(Collection collection) => Readings?.Write(collection);

    /// <summary>A second has passed: what it took is compared with its budget, and its scope is looked at again.</summary>
    /// <returns>True if it looks at more or fewer hits from now on.</returns>
    public bool Tick()
    {
        if (_attached is not { } attached || Readings is not { } readings) return false;
        readings.Sets.Refresh();
        return readings.Budget.Measure(attached.Programs);
    }

    /// <inheritdoc/>
    public override ProgramAnatomy? AnatomyOf(string program)
    {
        if (Forge().Compiled.Programs.FirstOrDefault(p => p.Name == program) is not { } compiled) return null;
        ProgramCost cost = compiled.Cost;
        return new ProgramAnatomy(cost.WorstCaseInstructions, cost.HelperCalls, cost.EstimatedNanoseconds, compiled.Listing);
    }

    private static string NameOf(EmitterDefinition emitter) => emitter switch
    {
        MetricDefinition metric => metric.Name,
        SpanDefinition span => $"span {span.Name.Text}",
        LogDefinition { Event.Length: > 0 } log => log.Event,
        LogDefinition log => $"log {log.Body?.Text}",
        _ => emitter.Key,
    };
}
