namespace EbpfReceiver.ProbeLanguage;

/// <summary>A probe is refused: its file, its expressions, or what it asks of the machine. All that was found is in it.</summary>
/// <param name="diagnostics">At least one.</param>
public sealed class ProbeLanguageException(IReadOnlyList<ProbeDiagnostic> diagnostics)
    : Exception(string.Join(Environment.NewLine, diagnostics))
{
    /// <summary>At least one, in the order of the file.</summary>
    public IReadOnlyList<ProbeDiagnostic> Diagnostics { get; } = diagnostics;
}
