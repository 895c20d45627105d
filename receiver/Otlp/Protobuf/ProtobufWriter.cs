using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Appends protobuf fields to a pooled buffer that grows. A tag is the field number and wire type as one value
/// (see the constants in Fields). Not thread-safe.
/// </summary>
internal sealed class ProtobufWriter : IDisposable
{
    private byte[] _buffer;
    private int _position;

    public ProtobufWriter(int capacity) => _buffer = RequestBuffers.Rent(capacity);

    /// <summary>Bytes written; set it back to take something back.</summary>
    public int Position
    {
        get => _position;
        set => _position = value <= _position ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    public int Capacity => _buffer.Length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _position);

    public ReadOnlySpan<byte> Slice(int start, int length) => _buffer.AsSpan(start, length);

    /// <summary>Gives the buffer away with what is written in it, and goes on with a new one.</summary>
    public byte[] Detach(int newCapacity)
    {
        byte[] buffer = _buffer;
        _buffer = RequestBuffers.Rent(newCapacity);
        _position = 0;
        return buffer;
    }

    /// <summary>Room for at least <paramref name="size"/> bytes; <see cref="Advance"/> says how many were used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int size)
    {
        if ((uint)size > (uint)(_buffer.Length - _position))
            Grow(size);
        return _buffer.AsSpan(_position);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int size) => _position += size;

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _position += bytes.Length;
    }

    public void WriteVarint(uint tag, ulong value)
    {
        Span<byte> room = Reserve(2 * Varint.MaxBytes);
        int at = Varint.Write(room, 0, tag);
        _position += Varint.Write(room, at, value);
    }

    public void WriteFixed64(uint tag, ulong value)
    {
        Span<byte> room = Reserve(Varint.MaxBytes + 8);
        int at = Varint.Write(room, 0, tag);
        BinaryPrimitives.WriteUInt64LittleEndian(room[at..], value);
        _position += at + 8;
    }

    public void WriteFixed32(uint tag, uint value)
    {
        Span<byte> room = Reserve(Varint.MaxBytes + 4);
        int at = Varint.Write(room, 0, tag);
        BinaryPrimitives.WriteUInt32LittleEndian(room[at..], value);
        _position += at + 4;
    }

    public void WriteDouble(uint tag, double value) => WriteFixed64(tag, BitConverter.DoubleToUInt64Bits(value));

    public void WriteBytes(uint tag, ReadOnlySpan<byte> value)
    {
        Span<byte> room = Reserve(value.Length + 2 * Varint.MaxBytes);
        int at = Varint.Write(room, 0, tag);
        at = Varint.Write(room, at, (uint)value.Length);
        value.CopyTo(room[at..]);
        _position += at + value.Length;
    }

    /// <summary>Writes a string field; bytes that are not UTF-8 are replaced.</summary>
    public void WriteText(uint tag, ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
            WriteBytes(tag, utf8);
        else
            WriteRepaired(tag, utf8);
    }

    public void WriteText(uint tag, ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Span<byte> room = Reserve(length + 2 * Varint.MaxBytes);
        int at = Varint.Write(room, 0, tag);
        at = Varint.Write(room, at, (uint)length);
        _position += at + Encoding.UTF8.GetBytes(text, room[at..]);
    }

    /// <summary>
    /// Begins a message whose length is not known: tag and four reserved bytes. Returns where the content begins, for
    /// <see cref="EndPadded"/> or <see cref="EndMinimal"/>.
    /// </summary>
    public int BeginPadded(uint tag)
    {
        Span<byte> room = Reserve(Varint.MaxBytes + Varint.PaddedLengthBytes);
        int at = Varint.Write(room, 0, tag);
        _position += at + Varint.PaddedLengthBytes;
        return _position;
    }

    /// <summary>Back-fills the length of the message whose content began at <paramref name="start"/>.</summary>
    public void EndPadded(int start) =>
        Varint.WritePadded(_buffer.AsSpan(start - Varint.PaddedLengthBytes), _position - start);

    /// <summary>
    /// Back-fills the length that <see cref="BeginPadded"/> reserved in as few bytes as it takes, moving the content back:
    /// for small messages of which there are many.
    /// </summary>
    public void EndMinimal(int start)
    {
        int length = _position - start;
        int size = Varint.Size((uint)length);
        if (size >= Varint.PaddedLengthBytes)
        {
            EndPadded(start);
            return;
        }
        int lengthAt = start - Varint.PaddedLengthBytes;
        _buffer.AsSpan(start, length).CopyTo(_buffer.AsSpan(lengthAt + size));
        Varint.Write(_buffer, lengthAt, (uint)length);
        _position = lengthAt + size + length;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _position = 0;
        if (buffer.Length > 0)
            RequestBuffers.Return(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteRepaired(uint tag, ReadOnlySpan<byte> text)
    {
        byte[] repaired = Utf8Text.Repair(text, out int length);
        WriteBytes(tag, repaired.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(repaired);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        int wanted = checked(_position + size);
        byte[] larger = RequestBuffers.Rent(Math.Max(wanted, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        RequestBuffers.Return(_buffer);
        _buffer = larger;
    }
}
