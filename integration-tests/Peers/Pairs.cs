using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>Servers and clients of the workload programs, run to their end; what each did.</summary>
internal static class Pairs
{
    public static (CommandResult Server, CommandResult Client) Tls(int connections, int up, int down)
    {
        int port = FreePort.Take();
        return Run(
            Repository.Tls,
            [$"{port}", $"{connections}", $"{up}", $"{down}", Repository.Certificate + ".crt", Repository.Certificate + ".key"],
            [$"{port}", $"{connections}", $"{up}", $"{down}"]);
    }

    public static (CommandResult Server, CommandResult Client) Tcp(string host, int connections, int up, int down)
    {
        int port = FreePort.Take();
        return Run(Repository.Workload, [host, $"{port}", $"{connections}", $"{up}", $"{down}"], [host, $"{port}", $"{connections}", $"{up}", $"{down}"]);
    }

    private static (CommandResult Server, CommandResult Client) Run(string program, string[] server, string[] client)
    {
        using RunningProcess serving = RunningProcess.Start(program, ["serve", .. server]);
        serving.WaitUntil(() => serving.Output.Contains("listening", StringComparison.Ordinal), TimeSpan.FromMinutes(2), "listening");
        CommandResult asked = Command.Run(program, ["connect", .. client]).EnsureSuccess();
        int exit = serving.WaitForExit(TimeSpan.FromMinutes(2));
        return (new CommandResult(serving.CommandLine, exit, serving.Output, serving.Error, serving.Id).EnsureSuccess(), asked);
    }
}
