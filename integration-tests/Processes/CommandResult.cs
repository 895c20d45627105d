namespace EbpfReceiver.IntegrationTests.Processes;

/// <summary>What a finished program left.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error, int ProcessId)
{
    public CommandResult EnsureSuccess() => ExitCode == 0
        ? this
        : throw new InvalidOperationException($"{CommandLine}: exit code {ExitCode}\n{Error}\n{Output}");
}
