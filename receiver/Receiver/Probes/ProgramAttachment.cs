using System.Globalization;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes;

/// <summary>Attaches programs to what their sections name, clocks and counters of probe files among them.</summary>
internal static class ProgramAttachment
{
    private const string Interval = "interval";
    private const string Counter = "perf";

    /// <summary>Attaches a program.</summary>
    /// <exception cref="BpfException">The kernel refuses it, or does not have the target; the message says which.</exception>
    public static BpfLink Attach(BpfProgram program)
    {
        if (program.Spec.Kind != ProgramKind.PerfEvent) return program.Attach();
        return program.Spec.AttachTarget.Split(':') switch
        {
            [Interval, var nanoseconds] when TryNumber(nanoseconds, out ulong period) =>
                program.AttachPerfEvent(PerfEventOptions.Software(PerfSoftwareEvent.CpuClock, period) with { Cpu = 0 }),
            [Counter, var name, var count] when PerfEventNames.IsKnown(name) && TryNumber(count, out ulong period) =>
                program.AttachPerfEvent(EventOf(name, period)),
            _ => program.Attach(),
        };
    }

    private static PerfEventOptions EventOf(string name, ulong period)
    {
        (uint type, ulong config) = PerfEventNames.AttributesOf(name);
        return new PerfEventOptions { Type = (PerfEventType)type, Config = config, Period = period };
    }

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
