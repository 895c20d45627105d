using System.Diagnostics.CodeAnalysis;

namespace EbpfReceiver.Otlp;

/// <summary>Writes trace and span ids, whose lengths receivers insist on.</summary>
internal static class ItemIds
{
    public const int TraceBytes = 16;
    public const int SpanBytes = 8;

    public static void Write(ProtobufWriter writer, int field, ReadOnlySpan<byte> id, int bytes)
    {
        if (id.IsEmpty)
            return;
        if (id.Length != bytes)
            ThrowLength(id.Length, bytes);
        writer.WriteBytes(Tag.Length(field), id);
    }

    [DoesNotReturn]
    private static void ThrowLength(int length, int bytes) =>
        throw new ArgumentException($"The id has {length} bytes; it must have {bytes}.");
}
