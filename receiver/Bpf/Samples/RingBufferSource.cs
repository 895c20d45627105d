using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>A ring buffer, with the counter that its programs keep of what they could not put in.</summary>
internal sealed class RingBufferSource(BpfMap map, ISampleSink sink, RingBufferLosses? losses) : SampleSource(map, sink)
{
    private RingBuffer? _ring;

    public override (long Samples, long Bytes, long Lost) Totals
        => (Volatile.Read(ref _ring)?.Samples ?? 0, _ring?.Bytes ?? 0, losses?.Total ?? 0);

    public override void Open(FileDescriptor epoll)
    {
        losses?.Forget();
        Volatile.Write(ref _ring, RingBuffer.Open(Map));
        EpollSyscall.Add(epoll, Map.Descriptor);
    }

    public override DrainOutcome Drain(int limit) => _ring!.Drain(Target, limit);

    public override void Maintain() => losses?.Report(Sink);

    // Programs go on writing until it is full: what was in it when the reader stopped is read, and what fails later they count.
    public override void Detach()
    {
    }

    public override void Finish() => losses?.Report(Sink);

    // The counters of a closed ring can still be asked for.
    public override void Close() => _ring?.Dispose();
}
