using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>One of a few words.</summary>
internal sealed class ChoiceType<T>(params (string Word, T Value)[] choices)
    : ScalarType<T>(
        string.Join(", ", choices.Select(c => $"`{c.Word}`")),
        choices.Length == 2 ? $"{choices[0].Word} or {choices[1].Word}" : $"one of {string.Join(", ", choices.Select(c => c.Word))}")
    where T : struct, Enum
{
    public override bool TryParse(string text, out T value)
    {
        foreach ((string word, T choice) in choices)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                value = choice;
                return true;
            }
        }

        value = default;
        return false;
    }

    public override void WriteSchema(Utf8JsonWriter writer) => WriteNativeOrVariable(writer, w =>
    {
        w.WriteStartArray("enum");
        foreach ((string word, T _) in choices)
            w.WriteStringValue(word);
        w.WriteEndArray();
    });
}
