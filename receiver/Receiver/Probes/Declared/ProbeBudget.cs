using System.Diagnostics;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// Keeps a probe within its budget: measures once a second what its programs took, and tells them how many hits to look at through the cell that
/// they read. What they record counts for the hits that they leave out.
/// </summary>
/// <param name="budget">What the probe may take.</param>
/// <param name="probe">Its programs, and the map with the cell.</param>
internal sealed class ProbeBudget(BudgetDefinition budget, CompiledProbe probe)
{
    /// <summary>Programs whose hits follow from those of others, and are none of their own.</summary>
    private readonly HashSet<string> _ends =
        [.. probe.Probe.Hooks.Where(h => h.Role == HookRole.End).Select(h => h.Name)];

    private readonly Throttle _throttle = new();
    private BpfMap? _cell;
    private long _measuredAt;
    private long _runs;
    private TimeSpan _runTime;

    /// <summary>Whether there is a budget.</summary>
    public bool IsLimited => budget.Cpu is not null || budget.Events is not null;

    /// <summary>The share of hits that is looked at.</summary>
    public double Ratio => _throttle.Ratio;

    /// <summary>The smallest that it was since the probe was attached.</summary>
    public double LowestRatio { get; private set; } = 1;

    /// <summary>What the programs took of a CPU in the last second; before the first one is over, 0.</summary>
    public double CpuShare { get; private set; }

    /// <summary>Hits a second that were looked at.</summary>
    public double EventsPerSecond { get; private set; }

    /// <summary>The probe was attached.</summary>
    public void Attach(BpfObject made)
    {
        _cell = made.Maps.GetValueOrDefault(probe.ThrottleMap);
        _measuredAt = 0;
        LowestRatio = 1;
        Write(0);
    }

    /// <summary>The probe is about to be detached.</summary>
    public void Detach() => _cell = null;

    /// <summary>A second has passed.</summary>
    /// <param name="programs">The programs of the probe.</param>
    /// <returns>True if the probe looks at more or fewer hits from now on.</returns>
    public bool Measure(IReadOnlyList<BpfProgram> programs)
    {
        if (!IsLimited || _cell is null) return false;
        long runs = 0;
        TimeSpan runTime = TimeSpan.Zero;
        foreach (BpfProgram program in programs)
        {
            BpfProgramInfo info = program.Info();
            if (!_ends.Contains(program.Spec.Name[..program.Spec.Name.IndexOf("__", StringComparison.Ordinal)])) runs += info.RunCount;
            runTime += info.RunTime;
        }

        long now = Stopwatch.GetTimestamp();
        bool first = _measuredAt == 0;
        double seconds = Stopwatch.GetElapsedTime(_measuredAt, now).TotalSeconds;
        double share = (runTime - _runTime).TotalSeconds / seconds;
        double rate = (runs - _runs) / seconds * _throttle.Ratio;
        (_measuredAt, _runs, _runTime) = (now, runs, runTime);
        if (first) return false;
        CpuShare = share;
        EventsPerSecond = rate;
        double load = Math.Max(budget.Cpu is { } cpu ? share / cpu : 0, budget.Events is { } events ? rate * events.Period.TotalSeconds / events.Count : 0);
        if (!_throttle.Observe(load)) return false;
        LowestRatio = Math.Min(LowestRatio, Ratio);
        Write(_throttle.Exponent);
        return true;
    }

    private void Write(long exponent)
    {
        if (_cell is not { } map) return;
        uint key = 0;
        map.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key)), MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in exponent)));
    }
}
