namespace EbpfReceiver.Otlp;

/// <summary>How requests are compressed on the wire.</summary>
public enum OtlpCompression : byte
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>gzip at its fastest level.</summary>
    Gzip,

    /// <summary>zstd at level 1: smaller than gzip at less CPU, but not every server takes it.</summary>
    Zstd,
}
