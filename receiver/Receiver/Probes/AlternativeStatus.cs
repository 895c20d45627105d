namespace EbpfReceiver.Probes;

/// <summary>One of the ways to attach a hook.</summary>
/// <param name="Name">Its name in the probe, such as <c>tp_btf</c> or <c>kprobe</c>.</param>
/// <param name="Kind">The kind of its first program, which gives its place in the ladder.</param>
/// <param name="Chosen">It is the one that is attached.</param>
/// <param name="Refusal">Why it was not taken; null if it was, or if a better one was taken before it was tried.</param>
public sealed record AlternativeStatus(string Name, string Kind, bool Chosen, string? Refusal);
