using System.Diagnostics;

namespace EbpfReceiver.Otlp;

/// <summary>
/// One complete OTLP Export request in a pooled buffer, shared by reference count between the outlets that deliver it.
/// Whoever has a reference may read <see cref="Bytes"/>; the last <see cref="Release"/> gives the buffer back.
/// </summary>
[DebuggerDisplay("{Signal} items={Items} bytes={Length}")]
public sealed class Batch
{
    private static long s_outstanding;

    private readonly int _length;
    private byte[]? _buffer;
    private int _references = 1;

    private Batch(Signal signal, int items, byte[] buffer, int length)
    {
        Signal = signal;
        Items = items;
        _buffer = buffer;
        _length = length;
        Footprint = buffer.Length;
        Interlocked.Increment(ref s_outstanding);
    }

    /// <summary>Which request message the bytes are.</summary>
    public Signal Signal { get; }

    /// <summary>Spans, log records, data points or profiles in the request.</summary>
    public int Items { get; }

    /// <summary>Bytes of the request.</summary>
    public int Length => _length;

    /// <summary>Bytes of memory it takes: buffers of the pool are up to twice as large as what is in them.</summary>
    internal int Footprint { get; }

    /// <summary>The complete <c>Export*ServiceRequest</c>; valid until the reference is released.</summary>
    /// <exception cref="ObjectDisposedException">All references were released.</exception>
    public ReadOnlyMemory<byte> Bytes => new(_buffer ?? throw Disposed(), 0, _length);

    /// <summary>Batches whose buffer has not been given back, in the whole process.</summary>
    internal static long Outstanding => Interlocked.Read(ref s_outstanding);

    /// <summary>Copies a request that arrived from elsewhere.</summary>
    /// <param name="signal">Which request message it is.</param>
    /// <param name="items">Items in it, see <see cref="Items"/>.</param>
    /// <param name="request">The encoded request.</param>
    public static Batch Copy(Signal signal, int items, ReadOnlySpan<byte> request)
    {
        byte[] buffer = RequestBuffers.Rent(request.Length);
        request.CopyTo(buffer);
        return new Batch(signal, items, buffer, request.Length);
    }

    /// <summary>Takes over a buffer of <see cref="RequestBuffers"/>.</summary>
    internal static Batch Own(Signal signal, int items, byte[] rented, int length) => new(signal, items, rented, length);

    /// <summary>Takes one more reference.</summary>
    /// <exception cref="ObjectDisposedException">All references were released.</exception>
    public Batch Retain()
    {
        int references = Volatile.Read(ref _references);
        while (true)
        {
            if (references <= 0)
                throw Disposed();
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
                return this;
            references = seen;
        }
    }

    /// <summary>Gives one reference back; after the last one the bytes must not be touched.</summary>
    /// <exception cref="ObjectDisposedException">There was none left.</exception>
    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        if (left > 0)
            return;
        if (left < 0)
            throw Disposed();
        byte[] buffer = _buffer!;
        _buffer = null;
        Interlocked.Decrement(ref s_outstanding);
        RequestBuffers.Return(buffer);
    }

    private static ObjectDisposedException Disposed() => new(nameof(Batch), "The batch was released already.");
}
