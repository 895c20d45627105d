namespace EbpfReceiver.ProbeLanguage;

/// <summary>A way to attach that the machine has, its programs' contexts found.</summary>
/// <param name="Name">Unique in its hook.</param>
/// <param name="Written">As it was written.</param>
/// <param name="Contexts">One for each program.</param>
internal sealed record ResolvedAlternative(string Name, HookAlternative Written, IReadOnlyList<HookContext> Contexts);
