namespace EbpfReceiver.Services.Exports;

/// <summary>
/// The bytes that requests which are being read and handled may take together. Senders take from it as their bytes arrive, not as they
/// announce them: one that announces much and sends nothing holds nothing.
/// </summary>
/// <param name="maximum">The most bytes.</param>
internal sealed class InFlightBudget(long maximum)
{
    private long _taken;

    /// <summary>Bytes that are taken now.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Takes bytes; false if they do not fit.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= maximum) return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
