using System.Globalization;
using System.Text.Json;
using EbpfReceiver.Otlp;
using Google.Protobuf;

namespace EbpfReceiver.Services.Exports;

/// <summary>Answers to OTLP Export requests that were taken; the four services' answers differ in one name, in JSON only.</summary>
internal static class ExportReply
{
    private const uint PartialSuccessTag = (1 << 3) | (uint)WireFormat.WireType.LengthDelimited;
    private const uint RejectedTag = (1 << 3) | (uint)WireFormat.WireType.Varint;
    private const uint MessageTag = (2 << 3) | (uint)WireFormat.WireType.LengthDelimited;

    private static readonly string[] s_rejectedNames = ["rejectedSpans", "rejectedDataPoints", "rejectedLogRecords", "rejectedProfiles"];

    /// <summary>The answer as protobuf: empty if all is well, else with a partial success.</summary>
    public static byte[] Protobuf(in ExportAnswer answer)
    {
        if (answer.Message is null) return [];
        int text = 1 + CodedOutputStream.ComputeStringSize(answer.Message);
        int number = answer.Rejected == 0 ? 0 : 1 + CodedOutputStream.ComputeInt64Size(answer.Rejected);
        byte[] bytes = new byte[1 + CodedOutputStream.ComputeLengthSize(number + text) + number + text];
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(PartialSuccessTag);
        output.WriteLength(number + text);
        if (number > 0)
        {
            output.WriteTag(RejectedTag);
            output.WriteInt64(answer.Rejected);
        }

        output.WriteTag(MessageTag);
        output.WriteString(answer.Message);
        output.CheckNoSpaceLeft();
        return bytes;
    }

    /// <summary>The answer as OTLP JSON.</summary>
    public static byte[] Json(Signal signal, in ExportAnswer answer)
    {
        if (answer.Message is null) return "{}"u8.ToArray();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("partialSuccess");
            if (answer.Rejected > 0)
                json.WriteString(s_rejectedNames[(int)signal], answer.Rejected.ToString(CultureInfo.InvariantCulture));
            json.WriteString("errorMessage", answer.Message);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
