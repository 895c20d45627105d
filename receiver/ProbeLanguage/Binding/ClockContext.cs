using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A perf event or an interval: registers of what was interrupted, and no arguments.</summary>
internal sealed class ClockContext(HookReference hook, ProbeTarget target) : HookContext(hook, target)
{
    public override ProgramKind Kind => ProgramKind.PerfEvent;

    /// <summary><c>interval:NANOSECONDS</c>, or <c>perf:NAME:PERIOD</c>.</summary>
    public override string AttachTarget => Hook.Kind == HookKind.Interval
        ? string.Create(CultureInfo.InvariantCulture, $"interval:{Hook.Period}")
        : string.Create(CultureInfo.InvariantCulture, $"perf:{Hook.Scope}:{Hook.Period}");

    public override bool HasRegisters => true;

    public override string MissingArgument(string name) => $"{Hook} has no arguments; ctx has the registers of what was interrupted";

    public override string MissingArgument(int index) => MissingArgument("");
}
