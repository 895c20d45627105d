using System.Buffers;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Services.Exports;

/// <summary>
/// The bytes of a request in a pooled buffer that grows with them, up to a limit, and is accounted for in the budget of all requests.
/// Disposing gives both back.
/// </summary>
/// <param name="budget">What all requests share.</param>
/// <param name="maximum">The most bytes of this one.</param>
internal sealed class RequestBytes(InFlightBudget budget, int maximum) : IDisposable
{
    private const int FirstSize = 4096;

    /// <summary>Where the one byte goes that tells a request over the limit from one of just the limit; nobody reads it.</summary>
    private static readonly byte[] s_over = new byte[1];

    private byte[] _buffer = [];
    private int _length;

    /// <summary>The bytes so far; valid until it is disposed or grows.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <inheritdoc cref="Memory"/>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>The bytes from a place on, to be read as a stream while the buffer stays as it is.</summary>
    public MemoryStream Open(int offset) => new(_buffer, offset, _length - offset, writable: false);

    /// <summary>Room for more bytes, of which <see cref="Advance"/> says how many were written; never none.</summary>
    /// <param name="room">Where to write.</param>
    /// <returns>What stands against more bytes; <see cref="BodyOutcome.Complete"/> if nothing does.</returns>
    public BodyOutcome TryReserve(out Span<byte> room)
    {
        room = s_over;
        if (_length > maximum) return BodyOutcome.TooLarge;
        if (_length == maximum) return BodyOutcome.Complete;
        BodyOutcome outcome = _length < _buffer.Length ? BodyOutcome.Complete : Grow();
        room = _buffer.AsSpan(_length, Math.Min(_buffer.Length, maximum) - _length);
        return outcome;
    }

    /// <summary>Bytes were written to the room.</summary>
    public void Advance(int bytes) => _length += bytes;

    /// <summary>Appends bytes.</summary>
    public BodyOutcome TryAppend(ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > maximum - _length) return BodyOutcome.TooLarge;
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            ReadOnlySpan<byte> rest = segment.Span;
            while (!rest.IsEmpty)
            {
                BodyOutcome outcome = TryReserve(out Span<byte> room);
                if (outcome != BodyOutcome.Complete) return outcome;
                int part = Math.Min(rest.Length, room.Length);
                rest[..part].CopyTo(room);
                _length += part;
                rest = rest[part..];
            }
        }

        return BodyOutcome.Complete;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length == 0) return;
        budget.Return(buffer.Length);
        RequestBuffers.Return(buffer);
    }

    private BodyOutcome Grow()
    {
        byte[] larger = RequestBuffers.Rent((int)Math.Min(Math.Max(FirstSize, 2L * _buffer.Length), maximum));
        if (!budget.TryTake(larger.Length - _buffer.Length))
        {
            RequestBuffers.Return(larger);
            return BodyOutcome.NoRoom;
        }

        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0) RequestBuffers.Return(_buffer);
        _buffer = larger;
        return BodyOutcome.Complete;
    }
}
