namespace EbpfReceiver.ProbeLanguage;

/// <summary>A hook with the ways to attach it.</summary>
/// <param name="Name">Unique in its probe: letters, digits, single underscores, for example <c>start</c>.</param>
/// <param name="Role">What it is to the probe.</param>
/// <param name="Alternatives">In the order in which they are tried.</param>
public sealed record BoundHook(string Name, HookRole Role, IReadOnlyList<BoundAlternative> Alternatives);
