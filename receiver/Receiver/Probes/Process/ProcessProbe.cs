using EbpfReceiver.Aggregates;
using EbpfReceiver.Configuration;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Probes.Process;

/// <summary>Forks, execs and exits. Identity lives on it, so it is always attached; excluding it takes its events and metrics away.</summary>
/// <param name="events">Whether there are log events.</param>
/// <param name="eventsWanted">What the configuration says of them.</param>
/// <param name="totals">The counters.</param>
internal sealed class ProcessProbe(ProcessEventSettings events, bool eventsWanted, ProcessTotalsAggregate totals) : Probe
{
    private readonly MapAggregate[] _aggregates = [totals];
    private volatile bool _speaks;
    private bool _eventsWanted = eventsWanted;

    /// <inheritdoc/>
    public override string Name => "process";

    /// <inheritdoc/>
    public override string Description => "Processes as they begin, run a program and end.";

    /// <summary>Libraries that are mapped later are still found by the regular look at all processes.</summary>
    public override IReadOnlyList<string> OptionalHooks => ["map", "fork"];

    /// <inheritdoc/>
    public override bool IsAlwaysAttached => true;

    /// <inheritdoc/>
    public override IReadOnlyList<MapAggregate> Aggregates => _speaks ? _aggregates : [];

    /// <summary>The counters, whether or not they are sent.</summary>
    public MapAggregate Totals => totals;

    /// <inheritdoc/>
    public override void Speak(bool enabled)
    {
        _speaks = enabled;
        events.Events = enabled && _eventsWanted;
    }

    /// <summary>Says more or less from now on; what is in the kernel stays as it is.</summary>
    public void Configure(ProcessProbeSettings settings)
    {
        _eventsWanted = settings.Events;
        events.Arguments = settings.Arguments;
        events.Events = _speaks && _eventsWanted;
    }
}
