namespace EbpfReceiver.ProbeLanguage;

/// <summary>One way to wait for an event: hooks that are all attached. The first way that the machine has is taken.</summary>
/// <param name="Hooks">Usually one; more where <c>kprobe:a, kprobe:b</c> or a list within the list was written.</param>
/// <param name="Location">Where it stands.</param>
public sealed record HookAlternative(IReadOnlyList<HookReference> Hooks, SourceLocation Location)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Hooks);
}
