using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A ring buffer map in the memory of this process, and the position up to which it was read. All CPUs write into it in one order.
/// </summary>
/// <remarks>
/// The producer's position and then each header are read with acquire semantics, since the producer publishes the former when it reserves
/// and the latter when it commits; the consumer's position is written with release semantics after the data was used. Between that
/// write and the decision that nothing is left there is a full fence: the producer writes its position and then looks at the consumer's,
/// so without it each could miss the other's write, and nobody would be woken.
/// </remarks>
internal sealed unsafe class RingBuffer : SampleRing
{
    private const int AnyCpu = -1;
    private readonly MemoryMapping? _consumerPage;
    private readonly MemoryMapping? _producerPages;
    private readonly ulong* _consumerPosition;
    private readonly ulong* _producerPosition;
    private readonly byte* _data;
    private readonly ulong _size;
    private ulong _consumed;
    private long _samples;

    /// <summary>Reads a buffer in memory.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="consumerPosition">Where this side says how far it is.</param>
    /// <param name="producerPosition">Where the kernel says how far it is.</param>
    /// <param name="data">The data, twice in a row.</param>
    /// <param name="size">Its bytes, a power of two.</param>
    internal RingBuffer(string name, ulong* consumerPosition, ulong* producerPosition, byte* data, ulong size)
        : this(name, consumerPosition, producerPosition, data, size, null, null, null)
    {
    }

    private RingBuffer(
        string name, ulong* consumerPosition, ulong* producerPosition, byte* data, ulong size, FileDescriptor? map,
        MemoryMapping? consumerPage, MemoryMapping? producerPages)
        : base(map)
    {
        Name = $"The ring buffer {name}";
        _consumerPosition = consumerPosition;
        _producerPosition = producerPosition;
        _data = data;
        _size = size;
        _consumerPage = consumerPage;
        _producerPages = producerPages;
        // A pinned map may have had a reader before.
        _consumed = Volatile.Read(ref *consumerPosition);
    }

    public override long Samples => _samples;

    protected override string Name { get; }

    /// <summary>Maps a ring buffer. The map stays its owner's.</summary>
    /// <exception cref="BpfSyscallException">It can't be mapped.</exception>
    public static RingBuffer Open(BpfMap map)
    {
        const string remedy = "A ring buffer has one reader that may write its position: CAP_BPF, and a map that was not opened read-only.";
        var page = Environment.SystemPageSize;
        var size = (ulong)map.MaxEntries;
        var doing = $"mapping the ring buffer {map.Name} ({size} bytes)";
        var consumer = MemoryMapping.Map(map.Descriptor, 0, (nuint)page, writable: true, doing, remedy);
        try
        {
            var producer = MemoryMapping.Map(map.Descriptor, page, (nuint)((ulong)page + 2 * size), writable: false, doing, remedy);
            return new RingBuffer(
                map.Name, (ulong*)consumer.Address, (ulong*)producer.Address, producer.Address + page, size, map.Descriptor, consumer,
                    producer);
        }
        catch
        {
            consumer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override DrainOutcome Drain(SampleTarget target, int limit)
    {
        // Once a pass: reading it again would let a fast producer keep the pass going for ever.
        var produced = Volatile.Read(ref *_producerPosition);
        var consumed = _consumed;
        if (produced == consumed)
            return DrainOutcome.Nothing;
        if (produced - consumed > _size || ((produced | consumed) & 7) != 0)
            ThrowBroken(produced - consumed, _size);

        var deliver = target.OnSample;
        var data = _data;
        var mask = _size - 1;
        var start = consumed;
        // No record is shorter than its header: counting bytes keeps the limit and needs no second counter.
        var end = consumed + Math.Min(produced - consumed, (ulong)limit * RingBufferRecords.HeaderSize);
        // Room is given back in steps: a write for each record would move the line between the CPUs for each record.
        var step = _size >> 3;
        long samples = 0, bytes = 0;
        var busy = false;
        do
        {
            var publishAt = consumed + Math.Min(end - consumed, step);
            do
            {
                var record = data + (consumed & mask);
                var header = Volatile.Read(ref *(uint*)record);
                if ((int)header < 0) // busy: those behind it may be ready, but order is kept
                {
                    busy = true;
                    break;
                }

                var length = header & RingBufferRecords.LengthMask;
                var whole = (length + (ulong)RingBufferRecords.HeaderSize + 7) & ~7UL;
                if (whole > produced - consumed)
                    ThrowBroken(whole, produced - consumed);
                consumed += whole;
                if (header != length)
                    continue; // discarded
                samples++;
                bytes += length;
                deliver(AnyCpu, MemoryMarshal.CreateReadOnlySpan(ref *(record + RingBufferRecords.HeaderSize), (int)length));
            }
            while (consumed < publishAt);

            if (consumed != _consumed)
                Publish(consumed);
        }
        while (consumed < end && !busy);

        _samples += samples;
        Bytes += bytes;
        var progress = consumed != start ? DrainOutcome.Progress : DrainOutcome.Nothing;
        Interlocked.MemoryBarrier();
        if (busy)
            return progress | DrainOutcome.Busy; // who commits it finds this side waiting for it, and wakes it
        return Volatile.Read(ref *_producerPosition) != consumed ? progress | DrainOutcome.Unread : progress;
    }

    public override void Dispose()
    {
        _producerPages?.Dispose();
        _consumerPage?.Dispose();
    }

    private void Publish(ulong consumed)
    {
        _consumed = consumed;
        Volatile.Write(ref *_consumerPosition, consumed);
    }
}
