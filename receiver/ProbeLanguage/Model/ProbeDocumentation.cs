namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a person reads of a probe before running it.</summary>
/// <param name="Description">What it measures.</param>
/// <param name="Cost">What it costs, and when.</param>
/// <param name="LookFor">What its values mean, and which are bad.</param>
/// <param name="Group">The group of the catalogue that it is listed in, as <c>block</c>.</param>
/// <param name="Replaces">Tools whose question it answers, as <c>biolatency</c>.</param>
public sealed record ProbeDocumentation(
    string? Description, string? Cost, string? LookFor, string? Group, IReadOnlyList<string> Replaces)
{
    /// <summary>Nothing was written.</summary>
    public static ProbeDocumentation None { get; } = new(null, null, null, null, []);
}
