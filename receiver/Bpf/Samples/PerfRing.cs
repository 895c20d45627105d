using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>The perf buffer of one CPU: an event, its mapping, and the position up to which it was read.</summary>
/// <remarks>
/// Protocol: struct perf_event_mmap_page, include/uapi/linux/perf_event.h. The head is read with acquire semantics before the
/// data, so that a weakly ordered CPU does not read data older than the head; the tail is written with release semantics after the data was
/// used, so that the kernel does not write over what is still being read.
/// </remarks>
internal sealed unsafe class PerfRing : SampleRing
{
    /// <summary>Bytes of the shortest sample, with its header.</summary>
    private const ulong SmallestSample = 16;

    private readonly MemoryMapping? _mapping;
    private readonly byte* _page;
    private readonly byte* _data;
    private readonly ulong _size;
    private readonly byte[] _wrapped;
    private ulong _tail;
    private ulong _otherBytes;
    private long _samples;
    private long _enabledTime = -1;

    /// <summary>Reads a buffer in memory: <paramref name="page"/> is its struct perf_event_mmap_page.</summary>
    /// <param name="cpu">Number of the CPU.</param>
    /// <param name="page">The page before the data.</param>
    /// <param name="data">The data.</param>
    /// <param name="size">Its bytes, a power of two.</param>
    /// <param name="wrapped">From <see cref="RoomForWrapped"/>.</param>
    /// <param name="descriptor">The event, or null in tests.</param>
    /// <param name="mapping">What holds the memory, or null in tests.</param>
    internal PerfRing(
        int cpu, byte* page, byte* data, ulong size, byte[] wrapped, FileDescriptor? descriptor = null, MemoryMapping? mapping = null)
        : base(descriptor)
    {
        Cpu = cpu;
        _wrapped = wrapped;
        _mapping = mapping;
        _page = page;
        _data = data;
        _size = size;
        // A mapping that others read before does not start at 0.
        _tail = Volatile.Read(ref *(ulong*)(page + PerfRecords.DataTailOffset));
    }

    public int Cpu { get; }

    public override long Samples => _samples;

    /// <summary>
    /// Room for the largest record, to join those that go on at the start of a buffer. The buffers that one thread reads share it.
    /// </summary>
    public static byte[] RoomForWrapped() => GC.AllocateUninitializedArray<byte>(PerfRecords.MaximumSize, pinned: true);

    /// <summary>Opens the buffer of a CPU.</summary>
    /// <param name="cpu">Number of the CPU.</param>
    /// <param name="options">Its size, and when it wakes.</param>
    /// <param name="wrapped">From <see cref="RoomForWrapped"/>.</param>
    /// <returns>Null if the CPU is not running.</returns>
    public static PerfRing? Open(int cpu, SampleReaderOptions options, byte[] wrapped)
    {
        var bytes = options.PagesPerCpu * Environment.SystemPageSize;
        var attribute = new PerfEventAttribute
        {
            Flags = options.WakeupSamples > 0 ? 0 : PerfEventAttribute.FlagWatermark,
            ReadFormat = PerfEventAttribute.TotalTimeEnabled,
            Wakeup = (uint)(options switch
            {
                { WakeupSamples: > 0 } => options.WakeupSamples,
                { WatermarkBytes: > 0 } => options.WatermarkBytes,
                _ => bytes / 4,
            }),
        };
        return PerfBufferEvent.Open(cpu, options.PagesPerCpu, attribute, writable: true) is not var (descriptor, mapping)
            ? null
            : new PerfRing(
                cpu, mapping.Address, mapping.Address + Environment.SystemPageSize, (ulong)bytes, wrapped, descriptor, mapping);
    }

    /// <inheritdoc/>
    public override DrainOutcome Drain(SampleTarget target, int limit)
    {
        // Once a pass: reading it again would let a fast producer keep the pass going for ever.
        var head = Volatile.Read(ref *(ulong*)(_page + PerfRecords.DataHeadOffset));
        var tail = _tail;
        if (head == tail)
            return DrainOutcome.Nothing;
        // With these every access below stays inside: positions are multiples of 8, and so is each length.
        if (head - tail > _size || ((head | tail) & 7) != 0)
            ThrowBroken(head - tail, _size);

        // No sample is shorter than 16 bytes with its header: counting bytes keeps the limit and needs no second counter.
        var end = tail + Math.Min(head - tail, (ulong)limit * SmallestSample);
        // Room is given back in steps, so that the producer gets on while a long pass is read.
        var step = _size >> 2;
        var (start, samples, others) = (tail, _samples, _otherBytes);
        do
        {
            tail = Read(target, tail, tail + Math.Min(end - tail, step), head);
            Publish(tail);
        }
        while ((long)(end - tail) > 0); // the last record may go on behind the end

        Bytes += (long)(tail - start - (_otherBytes - others)) - (_samples - samples) * PerfRecords.SampleOffset;
        return tail != head ? DrainOutcome.Progress | DrainOutcome.Unread : DrainOutcome.Progress;
    }

    /// <summary>Hands out all records that begin before <paramref name="until"/>.</summary>
    /// <returns>Where the next one begins.</returns>
    private ulong Read(SampleTarget target, ulong tail, ulong until, ulong head)
    {
        do
        {
            var offset = tail & (_size - 1);
            var row = Math.Min(until - tail, _size - offset);
            var read = (ulong)(ReadRow(target, _data + offset, _data + offset + row) - (_data + offset));
            tail += read;
            if (read != row)
                tail += ReadOne(target, tail & (_size - 1), head - tail);
        }
        while ((long)(until - tail) > 0);

        return tail;
    }

    /// <summary>
    /// Hands out samples that lie in a row, up to the first record that is none or does not end by <paramref name="stop"/>. This is where
    /// a busy reader spends its time: what has to outlast the call of the sink are five values, as many as there are registers for it.
    /// </summary>
    /// <returns>Where the next record begins.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* ReadRow(SampleTarget target, byte* record, byte* stop)
    {
        var samples = 0L;
        while (record < stop)
        {
            // Records are multiples of 8 bytes, so a header {u32 type, u16 misc, u16 length} never wraps.
            var header = *(ulong*)record;
            var length = header >> 48;
            // Turned by 3, what is shorter than a sample or no multiple of 8 is very large: one comparison for both.
            if ((uint)header != PerfRecords.TypeSample
                || BitOperations.RotateRight(length - SmallestSample, 3) >= PerfRecords.MaximumSize / 8 || record + length > stop)
                break;
            var sample = *(uint*)(record + PerfRecords.SampleLengthOffset);
            if (sample + (ulong)PerfRecords.SampleOffset > length)
                break;
            // Where large samples begin, a CPU that reads ahead line by line does not see: 5 to 10 % less time at 256 B and more. It is
            // a hint, and may point behind the buffer.
            if (Sse.IsSupported)
                Sse.Prefetch0(record + 4 * length);
            samples++;
            var bytes = MemoryMarshal.CreateReadOnlySpan(ref *(record + PerfRecords.SampleOffset), (int)sample);
            record += length;
            target.OnSample(Cpu, bytes);
        }

        _samples += samples;
        return record;
    }

    /// <summary>Hands out one record of any kind, which may go on at the start of the buffer.</summary>
    /// <returns>Its bytes.</returns>
    /// <exception cref="BpfException">The kernel writes no such record.</exception>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadOne(SampleTarget target, ulong offset, ulong remaining)
    {
        var record = _data + offset;
        var header = *(ulong*)record;
        var length = header >> 48;
        if (length < PerfRecords.HeaderSize || (length & 7) != 0 || length > remaining)
            ThrowBroken(length, remaining);
        if (offset + length >= _size)
            record = Unwrap(offset, (int)length);
        if ((uint)header != PerfRecords.TypeSample)
        {
            TakeOther(target.Sink, record, length);
            return length;
        }

        var sample = *(uint*)(record + PerfRecords.SampleLengthOffset);
        if (sample + (ulong)PerfRecords.SampleOffset > length)
            ThrowBroken(sample, length);
        _samples++;
        target.OnSample(Cpu, new ReadOnlySpan<byte>(record + PerfRecords.SampleOffset, (int)sample));
        return length;
    }

    /// <summary>
    /// False if the event was measuring nothing since it was asked last: its CPU went away, even if it is back by now. Costs an
    /// interrupt of that CPU.
    /// </summary>
    public bool IsRunning()
    {
        var enabled = PerfSyscall.EnabledTime(Descriptor);
        var runs = enabled != _enabledTime;
        _enabledTime = enabled;
        return runs;
    }

    public override void Dispose()
    {
        _mapping?.Dispose();
        if (_mapping is not null)
            Descriptor.Dispose();
    }

    protected override string Name => $"The perf buffer of CPU {Cpu}";

    private void Publish(ulong tail)
    {
        _tail = tail;
        Volatile.Write(ref *(ulong*)(_page + PerfRecords.DataTailOffset), tail);
    }

    /// <summary>A record that reaches the end of the buffer: one that goes on at its start is joined.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Unwrap(ulong offset, int length)
    {
        var first = (int)(_size - offset);
        // Also one that is nothing but a header, behind which nothing may be read here.
        if (length == first && length > PerfRecords.HeaderSize)
            return _data + offset;
        new ReadOnlySpan<byte>(_data + offset, first).CopyTo(_wrapped);
        new ReadOnlySpan<byte>(_data, length - first).CopyTo(_wrapped.AsSpan(first));
        return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_wrapped)); // allocated pinned
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeOther(ISampleSink sink, byte* record, ulong length)
    {
        _otherBytes += length;
        if (*(uint*)record != PerfRecords.TypeLost || length < PerfRecords.LostSize)
            return; // throttling and the like: nothing that was sent
        var lost = *(ulong*)(record + PerfRecords.LostCountOffset);
        Lost += (long)lost;
        sink.OnLost(Cpu, lost);
    }
}
