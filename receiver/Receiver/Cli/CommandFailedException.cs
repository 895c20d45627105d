namespace EbpfReceiver.Cli;

/// <summary>A command cannot do its work for a reason that a person can mend; the message is all that is shown.</summary>
internal sealed class CommandFailedException(string message, string? remedy = null, int exitCode = ExitCode.Failure) : Exception(message)
{
    /// <summary>What to do about it, or null.</summary>
    public string? Remedy { get; } = remedy;

    public int Code { get; } = exitCode;
}
