using System.CommandLine;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Cli;

/// <summary>The commands, and how what goes wrong in them is said: a sentence and an exit code, never a stack trace for a user's mistake.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Root().Parse(args);
        var invocation = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,

            // Commands that run on handle signals themselves: flushing may not be cut off by a termination timeout of the parser.
            ProcessTerminationTimeout = null,
        };

        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                await error.WriteLineAsync($"ebpf-receiver: {problem.Message}");
            await error.WriteLineAsync($"Try: ebpf-receiver {CommandPath(parsed)}--help");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(invocation);
        }
        catch (ConfigurationException e)
        {
            foreach (ConfigurationError problem in e.Errors)
                await error.WriteLineAsync(problem.ToString());
            return ExitCode.Usage;
        }
        catch (CommandFailedException e)
        {
            await error.WriteLineAsync($"ebpf-receiver: {e.Message}");
            if (e.Remedy is not null)
                await error.WriteLineAsync($"  {e.Remedy}");
            return e.Code;
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand(
            "Samples the running kernel and the programs on it with eBPF, and sends what it sees as OTLP. Without a command it runs: "
            + "with no configuration at all, it shows this machine on the terminal and serves a metrics page.");
        var options = new ConfigurationOptions();
        options.AddTo(root);
        root.SetAction((parsed, cancel) => RunCommand.ExecuteAsync(options, parsed, cancel));
        root.Add(RunCommand.Create());
        root.Add(DoctorCommand.Create());
        root.Add(HealthCommand.Create());
        root.Add(ValidateCommand.Create());
        root.Add(ProbesCommand.Create());
        root.Add(TraceCommand.Create());
        root.Add(TailCommand.Create());
        root.Add(ObjectCommand.Create());
        return root;
    }

    private static string CommandPath(ParseResult parsed)
    {
        string path = "";
        for (var result = parsed.CommandResult; result.Command is not RootCommand; result = (System.CommandLine.Parsing.CommandResult)result.Parent!)
            path = $"{result.Command.Name} {path}";
        return path;
    }
}
