namespace EbpfReceiver.Identity;

/// <summary>
/// Which process an item belongs to, and when. Items are grouped by process and by the version of it that was known when they were
/// made; the resource is looked up with <see cref="Time"/> when the group is closed, so that an exec that was learnt of late still counts.
/// </summary>
/// <param name="Pid">The process id; 0: none, the item is the machine's.</param>
/// <param name="StartTime">Nanoseconds from boot to the start of the process.</param>
/// <param name="Version">When the version that was known began; ns, CLOCK_MONOTONIC.</param>
/// <param name="Time">When the first item of the group was made; ns, CLOCK_MONOTONIC. Not part of what makes keys equal.</param>
internal readonly record struct ItemOwner(int Pid, ulong StartTime, ulong Version, ulong Time)
{
    /// <summary>The machine itself.</summary>
    public static ItemOwner Machine => default;

    /// <inheritdoc/>
    public bool Equals(ItemOwner other) => Pid == other.Pid && StartTime == other.StartTime && Version == other.Version;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pid, StartTime, Version);
}
