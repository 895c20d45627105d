namespace EbpfReceiver.Otlp;

/// <summary>What all code that keeps an array by signal needs to know.</summary>
public static class Signals
{
    /// <summary>The number of signals; <see cref="Signal"/> values are below it.</summary>
    public const int Count = 4;

    /// <summary>The largest request a part of this library makes, in bytes: under the 4 MiB that stock gRPC servers take.</summary>
    public const int MaxRequestBytes = 4 * 1024 * 1024 - 64 * 1024;

    /// <summary>The signal's lower-case name: traces, metrics, logs, profiles.</summary>
    public static string NameOf(Signal signal) => signal switch
    {
        Signal.Traces => "traces",
        Signal.Metrics => "metrics",
        Signal.Logs => "logs",
        Signal.Profiles => "profiles",
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, null),
    };
}
