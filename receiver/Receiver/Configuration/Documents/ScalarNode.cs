namespace EbpfReceiver.Configuration;

/// <summary>A single value.</summary>
/// <param name="Location">Where it was written.</param>
/// <param name="Text">The text without quotes.</param>
/// <param name="Quoted">Whether it was in quotes, or a block: then it is never null.</param>
internal sealed record ScalarNode(ConfigurationLocation Location, string Text, bool Quoted) : ConfigurationNode(Location)
{
    /// <summary>Whether nothing was written, as after <c>console:</c>.</summary>
    public bool IsNull => !Quoted && Text is "" or "~" or "null";

    public override string Describe() => IsNull ? "nothing" : $"\"{Text}\"";
}
