using Google.Protobuf;
using Grpc.Core;

namespace EbpfReceiver.Services;

/// <summary>Marshallers of generated messages.</summary>
internal static class ProtobufMarshaller
{
    /// <summary>Reads and writes one type of message without a copy of the whole.</summary>
    public static Marshaller<T> Of<T>(MessageParser<T> parser)
        where T : class, IMessage<T>, IBufferMessage =>
        new(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static void Write<T>(T message, SerializationContext context)
        where T : IMessage<T>, IBufferMessage
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
