namespace EbpfReceiver.Bpf;

/// <summary>What a pass over one buffer came to.</summary>
[Flags]
internal enum DrainOutcome
{
    /// <summary>Nothing was there.</summary>
    Nothing = 0,

    /// <summary>Records were read.</summary>
    Progress = 1,

    /// <summary>More may be there: the limit was reached, or the producer went on meanwhile.</summary>
    Unread = 2,

    /// <summary>The next record is reserved but not written yet.</summary>
    Busy = 4,
}
