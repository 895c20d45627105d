using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Writes KeyValue fields. All lengths follow from the key and the value, so they are written in order, in one go.
/// <c>field</c> is the number of the attributes field in the enclosing message (below 16: one tag byte).
/// </summary>
internal static class AttributeFields
{
    /// <summary>The most that tags and lengths around a key and a value take.</summary>
    private const int Overhead = 40;

    public static void Write(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, long value)
    {
        int any = 1 + Varint.Size((ulong)value);
        Span<byte> room = Begin(writer, field, key, any, any, out int at);
        room[at++] = (byte)Tag.Varint(CommonFields.AnyValue.IntValue);
        writer.Advance(Varint.Write(room, at, (ulong)value));
    }

    public static void Write(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, double value)
    {
        Span<byte> room = Begin(writer, field, key, 9, 9, out int at);
        room[at++] = (byte)Tag.Fixed64(CommonFields.AnyValue.DoubleValue);
        BinaryPrimitives.WriteDoubleLittleEndian(room[at..], value);
        writer.Advance(at + 8);
    }

    public static void Write(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, bool value)
    {
        Span<byte> room = Begin(writer, field, key, 2, 2, out int at);
        room[at++] = (byte)Tag.Varint(CommonFields.AnyValue.BoolValue);
        room[at++] = value ? (byte)1 : (byte)0;
        writer.Advance(at);
    }

    /// <summary>A string; bytes that are not UTF-8 are replaced by U+FFFD.</summary>
    public static void Write(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
            WriteValid(writer, field, key, utf8);
        else
            WriteRepaired(writer, field, key, utf8);
    }

    public static void Write(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, ReadOnlySpan<char> text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        Span<byte> room = Begin(writer, field, key, Varint.FieldSize(length), length, out int at);
        at = BeginString(room, at, length);
        writer.Advance(at + Encoding.UTF8.GetBytes(text, room[at..]));
    }

    /// <summary>An array of strings, each ended by a NUL; the last one need not be.</summary>
    public static void WriteStrings(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nulSeparated)
    {
        if (!Utf8.IsValid(nulSeparated))
        {
            byte[] repaired = Utf8Text.Repair(nulSeparated, out int length);
            WriteStrings(writer, field, key, repaired.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(repaired);
            return;
        }
        if (nulSeparated.IsEmpty)
        {
            WriteStrings(writer, field, key, ReadOnlySpan<string>.Empty);
            return;
        }
        if (nulSeparated[^1] == 0)
            nulSeparated = nulSeparated[..^1];
        int array = 0;
        int count = 0;
        foreach (Range range in nulSeparated.Split((byte)0))
        {
            array += Varint.FieldSize(Varint.FieldSize(LengthOf(range)));
            count++;
        }
        Span<byte> room = Begin(writer, field, key, Varint.FieldSize(array), array + 12 * count, out int at);
        at = BeginArray(room, at, array);
        foreach (Range range in nulSeparated.Split((byte)0))
        {
            ReadOnlySpan<byte> value = nulSeparated[range];
            at = BeginElement(room, at, value.Length);
            value.CopyTo(room[at..]);
            at += value.Length;
        }
        writer.Advance(at);
    }

    public static void WriteStrings(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, ReadOnlySpan<string> values)
    {
        int array = 0;
        foreach (string value in values)
            array += Varint.FieldSize(Varint.FieldSize(Encoding.UTF8.GetByteCount(value)));
        Span<byte> room = Begin(writer, field, key, Varint.FieldSize(array), array + 12 * values.Length, out int at);
        at = BeginArray(room, at, array);
        foreach (string value in values)
        {
            at = BeginElement(room, at, Encoding.UTF8.GetByteCount(value));
            at += Encoding.UTF8.GetBytes(value, room[at..]);
        }
        writer.Advance(at);
    }

    /// <summary>Bytes of a string as an AnyValue field, such as the body of a log record.</summary>
    public static void WriteAnyString(ProtobufWriter writer, int field, ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            byte[] repaired = Utf8Text.Repair(utf8, out int length);
            WriteAnyString(writer, field, repaired.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(repaired);
            return;
        }
        Span<byte> room = writer.Reserve(utf8.Length + Overhead);
        int at = Varint.Write(room, 0, Tag.Length(field));
        at = Varint.Write(room, at, (uint)Varint.FieldSize(utf8.Length));
        at = BeginString(room, at, utf8.Length);
        utf8.CopyTo(room[at..]);
        writer.Advance(at + utf8.Length);
    }

    private static void WriteValid(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, ReadOnlySpan<byte> utf8)
    {
        Span<byte> room = Begin(writer, field, key, Varint.FieldSize(utf8.Length), utf8.Length, out int at);
        at = BeginString(room, at, utf8.Length);
        utf8.CopyTo(room[at..]);
        writer.Advance(at + utf8.Length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteRepaired(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        byte[] repaired = Utf8Text.Repair(text, out int length);
        WriteValid(writer, field, key, repaired.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(repaired);
    }

    /// <summary>Writes all that stands before the AnyValue's content of <paramref name="any"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Span<byte> Begin(ProtobufWriter writer, int field, ReadOnlySpan<byte> key, int any, int content, out int at)
    {
        Span<byte> room = writer.Reserve(checked(key.Length + content + Overhead));
        room[0] = (byte)Tag.Length(field);
        at = Varint.Write(room, 1, (uint)(Varint.FieldSize(key.Length) + Varint.FieldSize(any)));
        room[at++] = (byte)Tag.Length(CommonFields.KeyValue.Key);
        at = Varint.Write(room, at, (uint)key.Length);
        key.CopyTo(room[at..]);
        at += key.Length;
        room[at++] = (byte)Tag.Length(CommonFields.KeyValue.Value);
        at = Varint.Write(room, at, (uint)any);
        return room;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BeginString(Span<byte> room, int at, int length)
    {
        room[at++] = (byte)Tag.Length(CommonFields.AnyValue.StringValue);
        return Varint.Write(room, at, (uint)length);
    }

    private static int BeginArray(Span<byte> room, int at, int array)
    {
        room[at++] = (byte)Tag.Length(CommonFields.AnyValue.ArrayValue);
        return Varint.Write(room, at, (uint)array);
    }

    private static int BeginElement(Span<byte> room, int at, int length)
    {
        room[at++] = (byte)Tag.Length(CommonFields.ArrayValue.Values);
        at = Varint.Write(room, at, (uint)Varint.FieldSize(length));
        return BeginString(room, at, length);
    }

    private static int LengthOf(Range range) => range.End.Value - range.Start.Value;
}
