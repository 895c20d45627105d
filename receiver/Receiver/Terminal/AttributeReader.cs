using System.Globalization;
using Google.Protobuf.Collections;
using OpenTelemetry.Proto.Common.V1;

namespace EbpfReceiver.Terminal;

/// <summary>Looks up attributes by their names; they are few, so nothing is indexed.</summary>
internal readonly struct AttributeReader(RepeatedField<KeyValue>? attributes)
{
    public AnyValue? Find(string key)
    {
        if (attributes is null)
            return null;
        foreach (KeyValue attribute in attributes)
        {
            if (attribute.Key == key)
                return attribute.Value;
        }

        return null;
    }

    /// <summary>The attribute as text for a terminal; empty when it is not there.</summary>
    public string Text(string key) => Find(key) is { } value ? TerminalText.Clean(Plain(value)) : "";

    public double Number(string key) => Find(key) switch
    {
        { ValueCase: AnyValue.ValueOneofCase.IntValue } value => value.IntValue,
        { ValueCase: AnyValue.ValueOneofCase.DoubleValue } value => value.DoubleValue,
        _ => 0,
    };

    public bool Has(string key) => Find(key) is not null;

    /// <summary>All values as texts for a terminal.</summary>
    public IEnumerable<string> Values()
    {
        if (attributes is null)
            yield break;
        foreach (KeyValue attribute in attributes)
            yield return TerminalText.Clean(Plain(attribute.Value));
    }

    /// <summary>A value as people write it; what it holds is as it came. A sender may leave it out.</summary>
    public static string Plain(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("0.######", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.ArrayValue => string.Join(' ', value.ArrayValue.Values.Select(Plain)),
        AnyValue.ValueOneofCase.KvlistValue => string.Join(' ', value.KvlistValue.Values.Select(v => $"{v.Key}={Plain(v.Value)}")),
        AnyValue.ValueOneofCase.BytesValue => $"{value.BytesValue.Length} bytes",
        _ => "",
    };
}
