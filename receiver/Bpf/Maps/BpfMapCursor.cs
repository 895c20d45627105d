namespace EbpfReceiver.Bpf;

/// <summary>
/// How far a map was read in batches. It can be used again after <see cref="Restart"/>; nothing is allocated but when it is made.
/// Not thread-safe.
/// </summary>
public sealed class BpfMapCursor
{
    /// <summary>Makes a cursor at the beginning of a map.</summary>
    public BpfMapCursor(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Map = map;
        // A position is a bucket number (u32) in hashes and a key elsewhere.
        Size = Math.Max(map.KeySize, sizeof(uint));
        Positions = GC.AllocateArray<byte>(2 * Size, pinned: true);
        Restart();
    }

    /// <summary>The map it belongs to.</summary>
    public BpfMap Map { get; }

    /// <summary>True when all entries were read.</summary>
    public bool IsAtEnd { get; internal set; }

    /// <summary>Bytes of a position.</summary>
    internal int Size { get; }

    /// <summary>The position to go on from, and behind it the one after that.</summary>
    internal byte[] Positions { get; }

    internal bool IsStarted { get; set; }

    /// <summary>True once the kernel turned out to have no batches for this map: the first position is then the next key to read.</summary>
    internal bool WalksKeys { get; set; }

    /// <summary>
    /// Entries that may still be shown: a map that changes meanwhile can show more than it ever holds at once, but reading must come to an
    /// end.
    /// </summary>
    internal long Left { get; set; }

    /// <summary>Goes back to the beginning.</summary>
    public void Restart()
    {
        IsAtEnd = false;
        IsStarted = false;
        WalksKeys = false;
        Left = 2L * Map.MaxEntries + 64;
    }
}
