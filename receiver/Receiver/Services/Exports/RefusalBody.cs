using System.Globalization;
using System.Text.Json;
using Google.Protobuf;

namespace EbpfReceiver.Services.Exports;

/// <summary>A refusal as a google.rpc.Status, with a google.rpc.RetryInfo where the same request may come again.</summary>
internal static class RefusalBody
{
    private const string RetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";
    private const uint RetryInfoDelayTag = (1 << 3) | (uint)WireFormat.WireType.LengthDelimited;
    private const uint DurationSecondsTag = (1 << 3) | (uint)WireFormat.WireType.Varint;
    private const uint StatusCodeTag = (1 << 3) | (uint)WireFormat.WireType.Varint;
    private const uint StatusMessageTag = (2 << 3) | (uint)WireFormat.WireType.LengthDelimited;
    private const uint StatusDetailsTag = (3 << 3) | (uint)WireFormat.WireType.LengthDelimited;
    private const uint AnyTypeTag = (1 << 3) | (uint)WireFormat.WireType.LengthDelimited;
    private const uint AnyValueTag = (2 << 3) | (uint)WireFormat.WireType.LengthDelimited;

    /// <summary>The status as protobuf.</summary>
    public static byte[] Protobuf(Refusal refusal) => Message(output =>
    {
        output.WriteTag(StatusCodeTag);
        output.WriteInt32((int)refusal.Code);
        output.WriteTag(StatusMessageTag);
        output.WriteString(refusal.Message);
        if (refusal.RetrySeconds > 0) Bytes(output, StatusDetailsTag, RetryInfo(refusal.RetrySeconds));
    });

    /// <summary>The status by the JSON mapping of protobuf.</summary>
    public static byte[] Json(Refusal refusal)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("code", (int)refusal.Code);
            json.WriteString("message", refusal.Message);
            if (refusal.RetrySeconds > 0)
            {
                json.WriteStartArray("details");
                json.WriteStartObject();
                json.WriteString("@type", RetryInfoType);
                json.WriteString("retryDelay", string.Create(CultureInfo.InvariantCulture, $"{refusal.RetrySeconds}s"));
                json.WriteEndObject();
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static byte[] RetryInfo(int seconds)
    {
        byte[] duration = Message(output =>
        {
            output.WriteTag(DurationSecondsTag);
            output.WriteInt64(seconds);
        });
        byte[] retry = Message(output => Bytes(output, RetryInfoDelayTag, duration));
        return Message(output =>
        {
            output.WriteTag(AnyTypeTag);
            output.WriteString(RetryInfoType);
            Bytes(output, AnyValueTag, retry);
        });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) write(output);
        return stream.ToArray();
    }

    private static void Bytes(CodedOutputStream output, uint tag, byte[] value)
    {
        output.WriteTag(tag);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }
}
