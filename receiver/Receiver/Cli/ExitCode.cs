namespace EbpfReceiver.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>What was asked for was done.</summary>
    public const int Success = 0;

    /// <summary>It could not be done: no privileges, a port in use, no receiver that answers.</summary>
    public const int Failure = 1;

    /// <summary>It was asked for wrongly: options, configuration.</summary>
    public const int Usage = 2;

    /// <summary>It saw nothing any more, because the thread that reads the samples stood still; a new process may.</summary>
    public const int Stalled = 3;
}
