using System.Buffers;
using EbpfReceiver.Otlp;
using Google.Protobuf;
using Grpc.Core;

namespace EbpfReceiver.Services;

/// <summary>
/// A PullResponse or TailResponse, which have the same fields: a few numbers, and around the bytes of batches the tag of the OTLP message
/// at rest, which has the wire form of an export request. Batches of the same signal are joined by writing one after the other.
/// </summary>
/// <param name="signal">The signal of all batches.</param>
/// <param name="cursor">Where to go on.</param>
/// <param name="missed">Items that were missed before the batches.</param>
/// <param name="batches">The batches, with a reference each that is released when the reply is disposed.</param>
internal sealed class TelemetryReply(Signal signal, long cursor, long missed, IReadOnlyList<Batch> batches) : IDisposable
{
    private const uint CursorTag = (1 << 3) | (uint)WireFormat.WireType.Varint;
    private const uint MissedTag = (2 << 3) | (uint)WireFormat.WireType.Varint;
    private const uint ItemsTag = (3 << 3) | (uint)WireFormat.WireType.Varint;
    private const int FirstDataField = 4;

    /// <summary>Three tags with numbers, and one with a length.</summary>
    private const int MaximumHead = 64;

    private int _disposed;

    /// <summary>Writes replies; never reads one. A reply is used up by writing it.</summary>
    public static Marshaller<TelemetryReply> Marshaller { get; } = new(
        static (reply, context) =>
        {
            using (reply) reply.Write(context);
        },
        static _ => throw new NotSupportedException("The receiver only gives answers."));

    /// <summary>There was nothing new.</summary>
    public bool IsEmpty => batches.Count == 0;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        foreach (Batch batch in batches) batch.Release();
    }

    private void Write(SerializationContext context)
    {
        long items = 0;
        int data = 0;
        foreach (Batch batch in batches)
        {
            items += batch.Items;
            data += batch.Length;
        }

        byte[] head = new byte[MaximumHead];
        using var output = new CodedOutputStream(head);
        Number(output, CursorTag, cursor);
        Number(output, MissedTag, missed);
        Number(output, ItemsTag, items);
        if (batches.Count > 0)
        {
            output.WriteTag(WireFormat.MakeTag(FirstDataField + (int)signal, WireFormat.WireType.LengthDelimited));
            output.WriteLength(data);
        }

        int headLength = head.Length - output.SpaceLeft;
        context.SetPayloadLength(headLength + data);
        IBufferWriter<byte> writer = context.GetBufferWriter();
        writer.Write(head.AsSpan(0, headLength));
        foreach (Batch batch in batches) writer.Write(batch.Bytes.Span);
        context.Complete();
    }

    private static void Number(CodedOutputStream output, uint tag, long value)
    {
        if (value == 0) return;
        output.WriteTag(tag);
        output.WriteUInt64((ulong)value);
    }
}
