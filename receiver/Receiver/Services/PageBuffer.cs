using System.Buffers;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Services;

/// <summary>
/// A page of any size in lent buffers. In one piece that is doubled until all fits, a page of 9 MB, as of a machine where many processes
/// come and go, left 30 MB to the garbage collector at every scrape.
/// </summary>
internal sealed class PageBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>Of those that <see cref="RequestBuffers"/> keeps for the next page.</summary>
    private const int PieceBytes = 256 * 1024;

    private readonly List<(byte[] Buffer, int Length)> _pieces = [];
    private byte[] _current = [];
    private int _used;
    private long _before;

    /// <summary>Bytes that were written.</summary>
    public long Length => _before + _used;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _current.Length - _used);
        _used += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_current.Length - _used < Math.Max(sizeHint, 1)) Begin(sizeHint);
        return _current.AsMemory(_used);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Copies all of it to a stream.</summary>
    /// <exception cref="IOException">The stream takes no more.</exception>
    public async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        foreach ((byte[] buffer, int length) in _pieces)
            await stream.WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(_current.AsMemory(0, _used), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the buffers back; nothing may be read or written afterwards.</summary>
    public void Dispose()
    {
        Seal();
        foreach ((byte[] buffer, _) in _pieces) RequestBuffers.Return(buffer);
        _pieces.Clear();
    }

    private void Begin(int atLeast)
    {
        Seal();
        _current = RequestBuffers.Rent(Math.Max(atLeast, PieceBytes));
    }

    private void Seal()
    {
        if (_current.Length == 0) return;
        _pieces.Add((_current, _used));
        _before += _used;
        _current = [];
        _used = 0;
    }
}
