namespace EbpfReceiver.Otlp;

/// <summary>
/// Holds all requests to one destination for as long as it asked for (OTLP, "OTLP/gRPC Throttling": the client MUST throttle itself): one
/// request was told so, and the others would only be told the same. Any thread may call.
/// </summary>
internal sealed class Throttle(TimeProvider time)
{
    private long _until;

    /// <summary>Nothing is to be sent for this long, counted from now.</summary>
    public void Hold(TimeSpan delay)
    {
        long until = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
        long seen = Volatile.Read(ref _until);
        while (until > seen)
        {
            long found = Interlocked.CompareExchange(ref _until, until, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    /// <summary>Waits until something may be sent, or until it is <paramref name="hurry"/>.</summary>
    public async ValueTask WaitAsync(CancellationToken hurry)
    {
        while (!hurry.IsCancellationRequested)
        {
            long left = Volatile.Read(ref _until) - time.GetTimestamp();
            if (left <= 0)
                return;
            TimeSpan wait = TimeSpan.FromSeconds((double)left / time.TimestampFrequency);
            // A timer may fire a little early, by less than a millisecond.
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1), time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
