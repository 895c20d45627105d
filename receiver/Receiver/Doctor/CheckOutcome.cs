namespace EbpfReceiver.Doctor;

/// <summary>What a check came to.</summary>
internal enum CheckOutcome
{
    /// <summary>It is there, or works.</summary>
    Yes,

    /// <summary>Some of it is, or something else takes its place.</summary>
    Degraded,

    /// <summary>It is not.</summary>
    No,
}
