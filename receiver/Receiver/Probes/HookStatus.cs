namespace EbpfReceiver.Probes;

/// <summary>A place in the kernel or in a library that a probe hooks, and how it is attached.</summary>
/// <param name="Name">The hook, such as <c>state</c>.</param>
/// <param name="Required">Without it the probe does not run.</param>
/// <param name="Chosen">The alternative that is attached; null if none is.</param>
/// <param name="Alternatives">All alternatives in the order they are tried.</param>
/// <param name="AttachedTo">What the programs are attached to: a tracepoint, a function, <c>file:symbol</c> for libraries.</param>
public sealed record HookStatus(
    string Name,
    bool Required,
    string? Chosen,
    IReadOnlyList<AlternativeStatus> Alternatives,
    IReadOnlyList<string> AttachedTo)
{
    /// <summary>Of hooks in libraries: why files that were found are not attached.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
