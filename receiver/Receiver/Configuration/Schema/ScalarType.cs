using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A type whose values are one text.</summary>
/// <param name="name">Its name in the documentation.</param>
/// <param name="expected">What is expected, for messages: "a duration such as 200ms, 10s or 5m".</param>
internal abstract class ScalarType<T>(string name, string expected) : ConfigurationType<T>
{
    /// <summary>A pattern for values that are taken from the environment, which editors have to accept everywhere.</summary>
    protected const string VariablePattern = @"\$\{env:.+\}";

    public override string Name => name;

    public override T Read(ConfigurationNode node, string path, BindingContext context)
    {
        if (node is ScalarNode { IsNull: false } scalar && TryParse(scalar.Text, out T? value))
            return value;
        context.Expected(node, path, expected);
        return default!;
    }

    public abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value);

    public override void WriteSchema(Utf8JsonWriter writer) => writer.WriteString("type", "string");

    /// <summary>A schema that takes a text of one form, or a variable.</summary>
    protected static void WritePattern(Utf8JsonWriter writer, string pattern)
    {
        writer.WriteString("type", "string");
        writer.WriteString("pattern", $"{pattern}|{VariablePattern}");
    }

    /// <summary>A schema that takes what <paramref name="writeNative"/> describes, or a text with a variable.</summary>
    protected static void WriteNativeOrVariable(Utf8JsonWriter writer, Action<Utf8JsonWriter> writeNative)
    {
        writer.WriteStartArray("anyOf");
        writer.WriteStartObject();
        writeNative(writer);
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteString("type", "string");
        writer.WriteString("pattern", VariablePattern);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
