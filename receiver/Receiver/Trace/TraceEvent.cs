using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Trace;

/// <summary>A span or log record of a probe, to be looked at.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Kind"><c>span</c> or <c>log</c>.</param>
/// <param name="Time">Unix ns: when it happened, of spans when they began.</param>
/// <param name="Duration">Of spans: ns.</param>
/// <param name="Name">The span's name, or the event's.</param>
/// <param name="Body">Of log records: the text.</param>
/// <param name="Pid">The process; 0: none.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record TraceEvent(
    string Probe, string Kind, ulong Time, ulong Duration, string Name, string Body, long Pid, IReadOnlyList<(string Key, DecodedValue Value)> Attributes);
