using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>What all programs of a probe share: the maps and the layouts of what is in them.</summary>
internal sealed class ProbePlan
{
    public const string LossMap = "losses";
    public const string ThrottleMap = "throttle";
    public const string StartsMap = "starts";
    public const string RatesMap = "rates";
    public const string ZerosMap = "zeros";

    /// <summary>Attached, these run with a counter that keeps others of them off the CPU meanwhile: plain additions are enough.</summary>
    private static readonly ProgramKind[] Guarded =
    [
        ProgramKind.Kprobe, ProgramKind.Kretprobe, ProgramKind.KprobeMulti, ProgramKind.KretprobeMulti, ProgramKind.Ksyscall,
        ProgramKind.Kretsyscall, ProgramKind.Tracepoint, ProgramKind.PerfEvent,
    ];

    private readonly Dictionary<(LossCause, int), int> _losses = [];
    private readonly List<int> _rates = [];

    public ProbePlan(BoundProbe probe, CompilerOptions options)
    {
        Probe = probe;
        Options = options;
        var programs = probe.Hooks.SelectMany(static h => h.Alternatives).SelectMany(static a => a.Programs).ToArray();
        IsExclusive = programs.All(static p => Array.IndexOf(Guarded, p.Kind) >= 0);
        for (var i = 0; i < probe.Emitters.Count; i++)
            AddEmitter(i, programs);
        if (probe.Rate is not null)
            AddRate(-1, LossCause.ProbeRateLimited);
        if (probe.Hooks.Any(static h => h.Role != HookRole.Single))
        {
            PlanStarts(programs);
            ThreadFilters = ThreadConditions.Of(probe);
            UnmatchedFilters = ThreadConditions.OfUnmatched(probe);
        }
        Loss(LossCause.ScratchBusy, -1);
    }

    public BoundProbe Probe { get; }

    public CompilerOptions Options { get; }

    /// <summary>No two programs of the probe can meet on one CPU.</summary>
    public bool IsExclusive { get; }

    public Dictionary<int, SeriesLayout> Series { get; } = [];

    public Dictionary<int, KeyLayout> Keys { get; } = [];

    public Dictionary<int, EventLayout> Events { get; } = [];

    public KeyLayout? StartKey { get; private set; }

    public IReadOnlyList<int> CaptureOffsets { get; private set; } = [];

    public IReadOnlyList<(int Offset, int Size)> CaptureGaps { get; private set; } = [];

    public int StartValueSize { get; private set; }

    /// <summary>What ends may ask first of all: conditions of all starts that depend on the thread alone, which is the key.</summary>
    public IReadOnlyList<BoundCondition> ThreadFilters { get; } = [];

    /// <summary>What an end without a start asks before it is counted; null if it is not.</summary>
    public IReadOnlyList<BoundCondition>? UnmatchedFilters { get; }

    public int RateCount => _rates.Count;

    public IReadOnlyList<LossCounter> Losses =>
        [.. _losses.OrderBy(static l => l.Value).Select(static l => new LossCounter(l.Key.Item1, l.Key.Item2, l.Value))];

    public static string SetMapName(string set) => $"set_{set}";

    /// <summary>Offset of a loss counter.</summary>
    public int Loss(LossCause cause, int emitter)
    {
        if (!_losses.TryGetValue((cause, emitter), out var offset))
            _losses.Add((cause, emitter), offset = _losses.Count * 8);
        return offset;
    }

    /// <summary>Whether what a program gives to a counter or sum has to be looked at before it is added: it may be below zero.</summary>
    public bool MayFall(BoundProgram program, BoundEmission emission) =>
        Probe.Emitters[emission.Emitter] is { IsMonotonic: true, IsSigned: true } && emission.Value is { } value
        && !SignAnalysis.IsNeverNegative(value, program.Conditions.Select(static c => c.Expression).Concat(emission.When is { } when ? [when] : []));

    /// <summary>Offset of the state of a rate limit.</summary>
    public int Rate(int emitter) => _rates.IndexOf(emitter) * 8;

    private void AddRate(int emitter, LossCause cause)
    {
        _rates.Add(emitter);
        Loss(cause, emitter);
    }

    private void AddEmitter(int index, BoundProgram[] programs)
    {
        var emitter = Probe.Emitters[index];
        if (emitter.Kind is EmitterKind.Span or EmitterKind.Log)
        {
            var packing = new FieldPacking(EventLayout.FieldsOffset);
            var fields = emitter.Attributes.Select(a => new KeyField(a, packing.Add(a.Type))).ToArray();
            packing.Align(8);
            Events.Add(index, new() { EmitterIndex = index, Emitter = emitter, Size = packing.Size, Fields = fields });
            Loss(LossCause.SampleFailed, index);
            if (emitter.Rate is not null)
                AddRate(index, LossCause.RateLimited);
            return;
        }

        var key = new KeyLayout(emitter.Attributes.Select(static a => a.Type));
        var hasKey = emitter.Attributes.Count > 0;
        var perCpu = emitter is not { Kind: EmitterKind.Gauge, Gauge: GaugeMode.Last };
        var types = programs.SelectMany(static p => p.Emissions).Where(e => e.Emitter == index).Select(static e => e.Value?.Type ?? ProbeType.U64);
        Keys.Add(index, key);
        Series.Add(index, new()
        {
            EmitterIndex = index,
            Emitter = emitter,
            MapName = $"series{index}",
            MapType = (hasKey, perCpu) switch
            {
                (true, true) => BpfMapType.PerCpuHash,
                (true, false) => BpfMapType.Hash,
                (false, true) => BpfMapType.PerCpuArray,
                _ => BpfMapType.Array,
            },
            OverflowMapName = hasKey ? $"overflow{index}" : "",
            KeySize = hasKey ? key.Size : 4,
            Fields = [.. emitter.Attributes.Select((a, i) => new KeyField(a, key.Offsets[i]))],
            Value = SeriesValues.LayoutOf(emitter, types),
        });
        if (hasKey)
            Loss(LossCause.SeriesOverflow, index);
        if (programs.Any(p => p.Emissions.Any(e => e.Emitter == index && MayFall(p, e))))
            Loss(LossCause.NegativeValue, index);
        if (emitter.Rate is not null)
            AddRate(index, LossCause.RateLimited);
    }

    private void PlanStarts(BoundProgram[] programs)
    {
        var keyed = Array.Find(programs, static p => p.Key.Count > 0);
        StartKey = new(keyed is null ? [ProbeType.U64] : keyed.Key.Select(static k => k.Type));
        var packing = new FieldPacking(StartEntry.Captures);
        CaptureOffsets = [.. Probe.CaptureTypes.Select(packing.Add)];
        packing.Align(8);
        CaptureGaps = packing.Gaps;
        StartValueSize = packing.Size;
        Loss(LossCause.UnmatchedStart, -1);
        Loss(LossCause.UnmatchedEnd, -1);
        Loss(LossCause.StartsFull, -1);
    }
}
