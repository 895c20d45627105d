namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// Layout of a BPF ring buffer (kernel/bpf/ringbuf.c and BPF_RINGBUF_* of include/uapi/linux/bpf.h): a page with the consumer's position, a
/// page with the producer's, and the data, mapped twice in a row so that no record wraps. A record is a header {u32 length and flags, u32
/// page offset}, the bytes, and padding to 8.
/// </summary>
internal static class RingBufferRecords
{
    public const uint Busy = 1u << 31;
    public const uint Discarded = 1u << 30;
    public const uint LengthMask = Discarded - 1;
    public const int HeaderSize = 8;
}
