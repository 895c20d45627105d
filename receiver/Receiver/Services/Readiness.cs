using EbpfReceiver.Probes;

namespace EbpfReceiver.Services;

/// <summary>Whether the receiver sees something: a process that looks alive and observes nothing must not pass for healthy.</summary>
internal static class Readiness
{
    /// <summary>At least one probe really runs, and none is still being attached.</summary>
    public static bool IsReady(IReadOnlyList<ProbeStatus> probes)
    {
        bool running = false;
        foreach (ProbeStatus probe in probes)
        {
            if (probe.State == ProbeState.Loading) return false;
            running |= Runs(probe);
        }

        return running;
    }

    /// <summary>The probe is attached, if not by every hook.</summary>
    public static bool Runs(ProbeStatus probe) => probe.State is ProbeState.Running or ProbeState.Degraded;
}
