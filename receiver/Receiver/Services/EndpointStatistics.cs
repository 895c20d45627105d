using EbpfReceiver.Otlp;

namespace EbpfReceiver.Services;

/// <summary>What arrived at the OTLP services, by signal. Written by several threads, read by any.</summary>
public sealed class EndpointStatistics
{
    private readonly long[] _requests = new long[Signals.Count];
    private readonly long[] _items = new long[Signals.Count];
    private readonly long[] _rejected = new long[Signals.Count];
    private readonly long[] _deferred = new long[Signals.Count];
    private readonly long[] _invalid = new long[Signals.Count];
    private readonly long[] _refused = new long[Enum.GetValues<RefusalCause>().Length];
    private long _connections;

    /// <summary>Requests that arrived, those that were refused included.</summary>
    public long Requests(Signal signal) => Interlocked.Read(ref _requests[(int)signal]);

    /// <summary>Items of the requests that were taken.</summary>
    public long Items(Signal signal) => Interlocked.Read(ref _items[(int)signal]);

    /// <summary>Items that were left out of requests that were taken, because they are invalid.</summary>
    public long Invalid(Signal signal) => Interlocked.Read(ref _invalid[(int)signal]);

    /// <summary>Requests that were refused for good: malformed, too large, not understood.</summary>
    public long Rejected(Signal signal) => Interlocked.Read(ref _rejected[(int)signal]);

    /// <summary>Requests that were sent back, to be sent again later, because there was no room for them.</summary>
    public long Deferred(Signal signal) => Interlocked.Read(ref _deferred[(int)signal]);

    /// <summary>Requests and connections that were refused, of every service and for every reason.</summary>
    public long Refused(RefusalCause cause) => Interlocked.Read(ref _refused[(int)cause]);

    /// <summary>Connections that are open.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    internal static string NameOf(RefusalCause cause) => cause switch
    {
        RefusalCause.TooLarge => "too_large",
        RefusalCause.TooSlow => "too_slow",
        RefusalCause.QueueFull => "queue_full",
        RefusalCause.InFlight => "in_flight",
        _ => cause.ToString().ToLowerInvariant(),
    };

    internal void CountRequest(Signal signal) => Interlocked.Increment(ref _requests[(int)signal]);

    internal void CountItems(Signal signal, int items, int invalid)
    {
        Interlocked.Add(ref _items[(int)signal], items);
        Interlocked.Add(ref _invalid[(int)signal], invalid);
    }

    internal void CountRefused(RefusalCause cause) => Interlocked.Increment(ref _refused[(int)cause]);

    internal void CountConnection(int change) => Interlocked.Add(ref _connections, change);

    internal void CountRejected(Signal signal) => Interlocked.Increment(ref _rejected[(int)signal]);

    internal void CountDeferred(Signal signal) => Interlocked.Increment(ref _deferred[(int)signal]);
}
