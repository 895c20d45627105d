using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary><c>true</c> or <c>false</c>, as YAML 1.2 has them; not yes, no, on, off.</summary>
internal sealed class BooleanType() : ScalarType<bool>("true or false", "true or false")
{
    public override bool TryParse(string text, out bool value)
    {
        value = text is "true" or "True" or "TRUE";
        return value || text is "false" or "False" or "FALSE";
    }

    public override void WriteSchema(Utf8JsonWriter writer) => WriteNativeOrVariable(writer, static w => w.WriteString("type", "boolean"));
}
