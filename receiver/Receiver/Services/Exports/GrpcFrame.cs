using System.Buffers;
using System.Buffers.Binary;

namespace EbpfReceiver.Services.Exports;

/// <summary>
/// The one message that a unary call of gRPC carries: a flag, four bytes of length, the message
/// (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md, "Length-Prefixed-Message").
/// </summary>
internal static class GrpcFrame
{
    /// <summary>Flag and length.</summary>
    public const int PrefixBytes = 5;

    /// <summary>Reads the prefix of a body that holds one message and nothing else.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="compressed">Whether the message is compressed, as the header <c>grpc-encoding</c> says.</param>
    /// <returns>What is wrong with the body; null if it is one message, which is what follows the prefix.</returns>
    public static string? Read(ReadOnlySpan<byte> body, out bool compressed)
    {
        compressed = false;
        if (body.Length < PrefixBytes) return "The call has no message.";
        if (body[0] > 1) return $"The flag of the message is {body[0]}; there are only 0 and 1.";
        compressed = body[0] == 1;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(body[1..]);
        long rest = body.Length - PrefixBytes;
        return length == rest ? null
            : length > rest ? $"The message is cut: it is to have {length} bytes and has {rest}."
            : "The call has more than one message.";
    }

    /// <summary>Writes a message, not compressed, with its prefix.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message)
    {
        Span<byte> frame = output.GetSpan(PrefixBytes + message.Length);
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)message.Length);
        message.CopyTo(frame[PrefixBytes..]);
        output.Advance(PrefixBytes + message.Length);
    }
}
