namespace EbpfReceiver.Otlp;

/// <summary>
/// Remembers which causes were said already, a few of them: what another program writes has no bound. Causes that only differ in their
/// numbers are the same.
/// </summary>
internal sealed class SaidCauses
{
    private const int MaxCauses = 16;

    private readonly HashSet<string> _said = [];

    /// <summary>Whether the cause is new, and may be said.</summary>
    public bool IsNew(string cause)
    {
        string alike = string.Create(cause.Length, cause, static (text, from) =>
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = char.IsAsciiDigit(from[i]) ? '0' : from[i];
        });
        lock (_said)
            return _said.Count < MaxCauses && _said.Add(alike);
    }
}
