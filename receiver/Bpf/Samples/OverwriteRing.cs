using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The perf buffer of one CPU that is written backward and over and over: the head goes down, and from it on upward the records are there,
/// the newest first, until what is left of one that was written over.
/// </summary>
/// <remarks>Protocol: write_backward and overwrite of kernel/events/ring_buffer.c.</remarks>
internal sealed unsafe class OverwriteRing : IDisposable
{
    private readonly MemoryMapping? _mapping;
    private readonly byte* _page;
    private readonly byte* _data;
    private readonly ulong _size;

    /// <summary>Reads a buffer in memory; the last two are null in tests.</summary>
    internal OverwriteRing(int cpu, byte* page, byte* data, ulong size, FileDescriptor? descriptor = null, MemoryMapping? mapping = null)
    {
        Cpu = cpu;
        _page = page;
        _data = data;
        _size = size;
        _mapping = mapping;
        Descriptor = descriptor!;
    }

    public int Cpu { get; }

    public FileDescriptor Descriptor { get; }

    /// <summary>Opens the buffer of a CPU; null if it is not running.</summary>
    public static OverwriteRing? Open(int cpu, int pages)
    {
        // Nobody is woken: the watermark is never reached.
        var attribute = new PerfEventAttribute
        {
            Flags = PerfEventAttribute.FlagWriteBackward | PerfEventAttribute.FlagWatermark,
            Wakeup = int.MaxValue,
        };
        return PerfBufferEvent.Open(cpu, pages, attribute, writable: false) is not var (descriptor, mapping)
            ? null
            : new OverwriteRing(
                cpu, mapping.Address, mapping.Address + Environment.SystemPageSize, (ulong)pages * (ulong)Environment.SystemPageSize,
                descriptor, mapping);
    }

    /// <summary>Stops or goes on with writing.</summary>
    public void Pause(bool pause)
    {
        using var lease = Descriptor.Lease();
        var result = PerfSyscall.PauseOutput(lease.Fd, pause);
        if (result < 0)
            throw new BpfSyscallException("ioctl(PERF_EVENT_IOC_PAUSE_OUTPUT)", -result, $"pausing the perf buffer of CPU {Cpu}");
    }

    /// <summary>Hands out the samples, the newest first; bounded by the size of the buffer, whatever is in it.</summary>
    /// <returns>How many there are.</returns>
    public int Read(ISampleSink sink, byte[] wrapped)
    {
        // Acquire: what is behind the head was written before it.
        var position = Volatile.Read(ref *(ulong*)(_page + PerfRecords.DataHeadOffset));
        var left = _size;
        var samples = 0;
        if ((position & 7) != 0)
            return 0;
        while (left >= PerfRecords.HeaderSize)
        {
            var offset = position & (_size - 1);
            var record = _data + offset;
            ulong length = *(ushort*)(record + PerfRecords.HeaderSizeOffset);
            // 0: never written; larger than what is left: partly written over. Both are the end.
            if (length < PerfRecords.HeaderSize || length > left || (length & 7) != 0)
                break;
            if (offset + length > _size)
                record = Unwrap(offset, (int)length, wrapped);
            if (*(uint*)record == PerfRecords.TypeSample && length >= PerfRecords.SampleOffset)
            {
                var sample = *(uint*)(record + PerfRecords.SampleLengthOffset);
                if (sample + (ulong)PerfRecords.SampleOffset > length)
                    break;
                sink.OnSample(Cpu, new ReadOnlySpan<byte>(record + PerfRecords.SampleOffset, (int)sample));
                samples++;
            }

            position += length;
            left -= length;
        }

        return samples;
    }

    public void Dispose()
    {
        _mapping?.Dispose();
        if (_mapping is not null)
            Descriptor.Dispose();
    }

    private byte* Unwrap(ulong offset, int length, byte[] wrapped)
    {
        var first = (int)(_size - offset);
        new ReadOnlySpan<byte>(_data + offset, first).CopyTo(wrapped);
        new ReadOnlySpan<byte>(_data, length - first).CopyTo(wrapped.AsSpan(first));
        return (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(wrapped)); // allocated pinned
    }
}
