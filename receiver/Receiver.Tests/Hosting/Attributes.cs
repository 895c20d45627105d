using Google.Protobuf.Collections;
using OpenTelemetry.Proto.Common.V1;

namespace EbpfReceiver.Tests.Hosting;

/// <summary>Reads attributes of decoded messages.</summary>
internal static class Attributes
{
    public static string? Text(this RepeatedField<KeyValue> attributes, string key) =>
        attributes.FirstOrDefault(a => a.Key == key)?.Value.StringValue;

    public static long? Number(this RepeatedField<KeyValue> attributes, string key) =>
        attributes.FirstOrDefault(a => a.Key == key)?.Value.IntValue;

    public static double? Real(this RepeatedField<KeyValue> attributes, string key) =>
        attributes.FirstOrDefault(a => a.Key == key)?.Value.DoubleValue;

    public static bool Flag(this RepeatedField<KeyValue> attributes, string key) =>
        attributes.FirstOrDefault(a => a.Key == key)?.Value.BoolValue ?? false;
}
