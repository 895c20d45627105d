using System.Diagnostics.CodeAnalysis;

namespace EbpfReceiver.Configuration;

/// <summary>A token. What is wrong with one is said without showing it.</summary>
internal sealed class SecretType() : ScalarType<string>("token", "")
{
    /// <summary>One that can be guessed is none.</summary>
    private const int Shortest = 16;

    public override string Read(ConfigurationNode node, string path, BindingContext context)
    {
        if (node is ScalarNode { IsNull: false } scalar && TryParse(scalar.Text, out string? value))
            return value;
        context.Report(node.Location, path, $"expected a token of at least {Shortest} visible characters without spaces");
        return "";
    }

    public override bool TryParse(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        return text.Length >= Shortest && text.All(static c => c is > ' ' and < '\x7F');
    }
}
