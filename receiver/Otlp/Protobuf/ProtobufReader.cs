using System.Buffers.Binary;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Walks the fields of one protobuf message. Input is hostile: a field that does not fit, a group, or field number 0
/// ends the walk with <see cref="Malformed"/> set; nothing throws and nothing is allocated.
/// </summary>
public ref struct ProtobufReader
{
    private readonly ReadOnlySpan<byte> _message;
    private int _position;

    /// <param name="message">The encoded message, without its own tag and length.</param>
    public ProtobufReader(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    /// <summary>How the current field is encoded.</summary>
    public WireType WireType { get; private set; }

    /// <summary>The value of a varint, fixed64 or fixed32 field; 0 for others.</summary>
    public ulong Number { get; private set; }

    /// <summary>The content of a length-delimited field; empty for others.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Where the current field's tag begins in the message.</summary>
    public int FieldStart { get; private set; }

    /// <summary>Where the next field begins in the message.</summary>
    public readonly int Position => _position;

    /// <summary>Whether the walk ended because the bytes are not a message.</summary>
    public bool Malformed { get; private set; }

    /// <summary>The current field as a double.</summary>
    public readonly double Double => BitConverter.UInt64BitsToDouble(Number);

    /// <summary>The current field as sint32.</summary>
    public readonly int SInt32 => Varint.UnZigZag(Number);

    /// <summary>Whether the current field is length-delimited and has this number.</summary>
    public readonly bool Is(int field) => Field == field && WireType == WireType.Length;

    /// <summary>Goes to the next field; false at the end or when the bytes are malformed.</summary>
    public bool Next()
    {
        if (_position >= _message.Length || Malformed)
            return false;
        FieldStart = _position;
        if (!TryReadVarint(_message, ref _position, out ulong tag) || tag > uint.MaxValue || tag >> 3 == 0)
            return Fail();
        Field = (int)(tag >> 3);
        WireType = (WireType)(tag & 7);
        Bytes = default;
        Number = 0;
        switch (WireType)
        {
            case WireType.Varint:
                if (!TryReadVarint(_message, ref _position, out ulong number))
                    return Fail();
                Number = number;
                return true;
            case WireType.Fixed64:
                if (!BinaryPrimitives.TryReadUInt64LittleEndian(_message[_position..], out ulong fixed64))
                    return Fail();
                Number = fixed64;
                _position += 8;
                return true;
            case WireType.Fixed32:
                if (!BinaryPrimitives.TryReadUInt32LittleEndian(_message[_position..], out uint fixed32))
                    return Fail();
                Number = fixed32;
                _position += 4;
                return true;
            case WireType.Length:
                if (!TryReadVarint(_message, ref _position, out ulong length) || length > (ulong)(_message.Length - _position))
                    return Fail();
                Bytes = _message.Slice(_position, (int)length);
                _position += (int)length;
                return true;
            default:
                return Fail();
        }
    }

    /// <summary>Reads one number of a packed repeated field.</summary>
    internal static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int position, out ulong value)
    {
        value = 0;
        int at = position;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if ((uint)at >= (uint)bytes.Length)
                return false;
            byte part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                position = at;
                return true;
            }
        }
        return false;
    }

    private bool Fail()
    {
        Malformed = true;
        Bytes = default;
        return false;
    }
}
