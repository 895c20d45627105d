using System.Buffers.Binary;

namespace EbpfReceiver.Otlp;

/// <summary>Goes through a repeated numeric field, packed or not.</summary>
internal ref struct NumberEnumerator(ReadOnlySpan<byte> message, int field, WireType wireType)
{
    private ProtobufReader _reader = new(message);
    private ReadOnlySpan<byte> _packed;
    private int _at;

    public ulong Current { get; private set; }

    public readonly double CurrentDouble => BitConverter.UInt64BitsToDouble(Current);

    public bool MoveNext()
    {
        while (true)
        {
            if (_at < _packed.Length)
                return TryReadPacked();
            if (!_reader.Next())
                return false;
            if (_reader.Field != field)
                continue;
            if (_reader.WireType == wireType)
            {
                Current = _reader.Number;
                return true;
            }
            if (_reader.WireType == WireType.Length)
            {
                _packed = _reader.Bytes;
                _at = 0;
            }
        }
    }

    private bool TryReadPacked()
    {
        if (wireType == WireType.Varint)
        {
            if (!ProtobufReader.TryReadVarint(_packed, ref _at, out ulong number))
                return false;
            Current = number;
            return true;
        }
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(_packed[_at..], out ulong fixed64))
            return false;
        Current = fixed64;
        _at += 8;
        return true;
    }
}
