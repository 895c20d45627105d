using System.Globalization;
using System.Numerics;
using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes.Sched;

/// <summary>The scheduler.</summary>
/// <param name="aggregate">Its metrics.</param>
internal sealed class SchedProbe(SchedProcessAggregate aggregate) : Probe
{
    private const string ThreadsMap = "sched_threads";
    private const int MaximumThreads = 1 << 18;

    /// <inheritdoc/>
    public override string Name => "sched";

    /// <inheritdoc/>
    public override string Description => "Scheduling by process: time in the run queue, time off the CPU, time on it, context switches.";

    /// <inheritdoc/>
    public override IReadOnlyList<MapAggregate> Aggregates { get; } = [aggregate];

    /// <summary>Every thread has an entry; room for twice as many as there are now.</summary>
    public override void Configure(BpfObjectSpec spec)
    {
        if (!spec.Maps.TryGetValue(ThreadsMap, out MapSpec? map)) return;
        uint threads = (uint)Math.Min(2 * ThreadsOf(ReadLoad()), MaximumThreads);
        map.MaxEntries = Math.Max(map.MaxEntries, BitOperations.RoundUpToPowerOf2(threads));
    }

    /// <summary>The number after the slash of <c>/proc/loadavg</c> (proc_loadavg(5)); 0 if there is none.</summary>
    internal static int ThreadsOf(ReadOnlySpan<char> loadAverage)
    {
        int slash = loadAverage.IndexOf('/');
        if (slash < 0) return 0;
        ReadOnlySpan<char> rest = loadAverage[(slash + 1)..];
        int end = rest.IndexOf(' ');
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int threads) ? threads : 0;
    }

    private static string ReadLoad() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg") : "";
}
