namespace EbpfReceiver.Samples;

/// <summary>What became of a sample that arrived.</summary>
internal enum SampleOutcome : byte
{
    /// <summary>It was used.</summary>
    Delivered,

    /// <summary>It is shorter than its layout, or its lengths contradict each other.</summary>
    Undecodable,

    /// <summary>The configuration does not want its process to be observed.</summary>
    Excluded,

    /// <summary>It tells what another sample told before.</summary>
    Duplicate,
}
