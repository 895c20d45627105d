namespace EbpfReceiver.Services.Exports;

/// <summary>What came of taking in the bytes of a request.</summary>
internal enum BodyOutcome : byte
{
    /// <summary>They are there.</summary>
    Complete,

    /// <summary>There are more than a request may have.</summary>
    TooLarge,

    /// <summary>All requests together have as many as they may.</summary>
    NoRoom,

    /// <summary>They did not come in time.</summary>
    TooSlow,

    /// <summary>They are not what their encoding says they are.</summary>
    Corrupt,
}
