using Tmds.Linux;

namespace EbpfReceiver.Bpf.Tests.Samples;

/// <summary>
/// A buffer as the kernel maps it: a page of positions and the data, the data of a ring buffer twice. Before and behind is memory that may
/// not be touched: a reader that leaves the buffer dies.
/// </summary>
internal sealed unsafe class RingMemory : IDisposable
{
    private const int PageSize = 4096;
    private readonly byte* _start;
    private readonly long _length;
    private readonly int _copies;

    public RingMemory(int size, int copies)
    {
        Size = size;
        _copies = copies;
        _length = PageSize + PageSize + (long)size * copies + PageSize;
        _start = (byte*)LibC.mmap(null, (size_t)(ulong)_length, 3, 0x22, -1, 0); // private, anonymous
        if ((nint)_start == -1)
            throw new InvalidOperationException("mmap");
        _ = LibC.mprotect(_start, (size_t)PageSize, 0);
        _ = LibC.mprotect(_start + _length - PageSize, (size_t)PageSize, 0);
    }

    public int Size { get; }

    /// <summary>The page of positions.</summary>
    public byte* Page => _start + PageSize;

    public byte* Data => _start + 2 * PageSize;

    /// <summary>Writes bytes at a position, as a producer does.</summary>
    public void Write(ulong position, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var offset = (long)((position + (ulong)i) & (ulong)(Size - 1));
            for (var copy = 0; copy < _copies; copy++)
                Data[offset + (long)copy * Size] = bytes[i];
        }
    }

    public void Dispose() => _ = LibC.munmap(_start, (size_t)(ulong)_length);
}
