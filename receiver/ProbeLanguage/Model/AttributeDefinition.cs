namespace EbpfReceiver.ProbeLanguage;

/// <summary>An attribute: a name, a value, and how the value is shown.</summary>
/// <param name="Name">The name, as <c>system.device</c>.</param>
/// <param name="Expression">The value.</param>
/// <param name="Decode">Turns the number into what is shown, in user space, once a series; in order. Empty for as it is.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Key">The key's full path in the file, for messages.</param>
public sealed record AttributeDefinition(
    string Name, ExpressionSource Expression, IReadOnlyList<DecoderSpec> Decode, SourceLocation Location, string Key);
