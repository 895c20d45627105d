namespace EbpfReceiver.Probes;

/// <summary>There is no probe of the name that was given.</summary>
/// <param name="name">The name that was given.</param>
/// <param name="known">The names there are.</param>
public sealed class UnknownProbeException(string name, IEnumerable<string> known)
    : Exception($"There is no probe '{name}'. The probes are: {string.Join(", ", known)}.")
{
    /// <summary>The name that was given.</summary>
    public string ProbeName { get; } = name;
}
