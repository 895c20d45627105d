namespace EbpfReceiver.ProbeLanguage;

/// <summary>One way to attach a hook.</summary>
/// <param name="Name">Unique in its hook: letters, digits, single underscores, for example <c>tp_btf</c>.</param>
/// <param name="Programs">At least one; all have to attach.</param>
public sealed record BoundAlternative(string Name, IReadOnlyList<BoundProgram> Programs);
