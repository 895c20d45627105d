namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>An attribute, defined once.</summary>
/// <param name="Id">Its key, such as <c>dns.question.name</c>.</param>
/// <param name="Type">string, int, double, boolean, string[], or enum.</param>
/// <param name="Stability">development, alpha, release_candidate or stable.</param>
/// <param name="Brief">What it tells.</param>
/// <param name="Members">The values of an enum; empty otherwise.</param>
/// <param name="Examples">Values as they look, for people.</param>
/// <param name="Conventional">OpenTelemetry's semantic conventions have it; else it is an interim name of ours.</param>
public sealed record RegistryAttribute(
    string Id,
    string Type,
    string Stability,
    string Brief,
    IReadOnlyList<AttributeMember> Members,
    IReadOnlyList<string> Examples,
    bool Conventional);
