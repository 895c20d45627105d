using OpenTelemetry.Proto.Common.V1;

namespace EbpfReceiver.Otlp.Tests;

/// <summary>Attributes as official messages.</summary>
internal static class ProtoAttributes
{
    public static KeyValue Of(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    public static KeyValue Of(string key, long value) => new() { Key = key, Value = new AnyValue { IntValue = value } };

    public static KeyValue Of(string key, double value) => new() { Key = key, Value = new AnyValue { DoubleValue = value } };

    public static KeyValue Of(string key, bool value) => new() { Key = key, Value = new AnyValue { BoolValue = value } };

    public static KeyValue Of(string key, params string[] values)
    {
        var array = new ArrayValue();
        array.Values.AddRange(values.Select(v => new AnyValue { StringValue = v }));
        return new KeyValue { Key = key, Value = new AnyValue { ArrayValue = array } };
    }
}
