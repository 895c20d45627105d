using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A text; numbers and true or false are texts too where one is expected.</summary>
internal sealed class TextType(string name = "text", string expected = "a text", Func<string, bool>? accepts = null, bool mayBeEmpty = false)
    : ScalarType<string>(name, expected)
{
    public override bool TryParse(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        return (mayBeEmpty || text.Length > 0) && (accepts?.Invoke(text) ?? true);
    }

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("type");
        writer.WriteStringValue("string");
        writer.WriteStringValue("number");
        writer.WriteStringValue("boolean");
        writer.WriteEndArray();
    }
}
