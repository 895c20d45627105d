using EbpfReceiver.Otlp;

namespace EbpfReceiver.Services;

/// <summary>Signals as the inspection service names them.</summary>
internal static class ProtoSignals
{
    private static readonly Signal[] s_all = [Signal.Traces, Signal.Metrics, Signal.Logs, Signal.Profiles];

    public static ReadOnlySpan<Signal> All => s_all;

    public static bool TryParse(Proto.V1.Signal signal, out Signal parsed)
    {
        (bool known, parsed) = signal switch
        {
            Proto.V1.Signal.Traces => (true, Signal.Traces),
            Proto.V1.Signal.Metrics => (true, Signal.Metrics),
            Proto.V1.Signal.Logs => (true, Signal.Logs),
            Proto.V1.Signal.Profiles => (true, Signal.Profiles),
            _ => (false, default),
        };
        return known;
    }
}
