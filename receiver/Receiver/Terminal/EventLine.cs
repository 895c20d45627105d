namespace EbpfReceiver.Terminal;

/// <summary>One span or log record as it is shown. All texts are safe for a terminal.</summary>
/// <param name="Time">When it ended or happened.</param>
/// <param name="Process">The process's name.</param>
/// <param name="Pid">Its id; 0: not known.</param>
/// <param name="Container">The first characters of its container's id; empty: none.</param>
/// <param name="Kind">One or two words that say what it is: "tcp connect", "exec".</param>
/// <param name="Subject">What it is about: an address, a path.</param>
/// <param name="Details">What else is known, each in a few words.</param>
/// <param name="Failed">Whether it is to stand out.</param>
internal sealed record EventLine(
    DateTimeOffset Time,
    string Process,
    int Pid,
    string Container,
    string Kind,
    string Subject,
    IReadOnlyList<string> Details,
    bool Failed)
{
    /// <summary><c>curl[1234]</c>, and the container where there is one.</summary>
    public string Owner => (Pid > 0 ? $"{Process}[{Pid}]" : Process) + (Container.Length > 0 ? $" ({Container})" : "");
}
