namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// Offsets in struct perf_event_mmap_page and in the records of its ring. A record is a header {u32 type, u16 misc, u16 size};
/// a sample with PERF_SAMPLE_RAW goes on with {u32 size, bytes}, a lost record with {u64 id, u64 lost}.
/// </summary>
internal static class PerfRecords
{
    public const int DataHeadOffset = 1024;
    public const int DataTailOffset = 1032;
    public const int HeaderSize = 8;
    public const int HeaderSizeOffset = 6;
    public const int SampleLengthOffset = 8;
    public const int SampleOffset = 12;
    public const int LostCountOffset = 16;
    public const int LostSize = 24;
    public const uint TypeLost = 2;
    public const uint TypeSample = 9;

    /// <summary>The size field of a record has 16 bits.</summary>
    public const int MaximumSize = 65536;
}
