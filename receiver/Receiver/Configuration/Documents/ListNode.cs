namespace EbpfReceiver.Configuration;

/// <summary>A sequence.</summary>
internal sealed record ListNode(ConfigurationLocation Location, IReadOnlyList<ConfigurationNode> Items) : ConfigurationNode(Location)
{
    public override string Describe() => "a list";
}
