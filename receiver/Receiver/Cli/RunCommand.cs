using System.CommandLine;
using EbpfReceiver.Configuration;
using EbpfReceiver.Hosting;

namespace EbpfReceiver.Cli;

/// <summary><c>run</c>, and the program without a command.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var options = new ConfigurationOptions();
        var command = new Command("run", "Attach the probes and send what they see, until Ctrl-C or SIGTERM. This is also what happens without a command.");
        options.AddTo(command);
        command.SetAction((parsed, cancel) => ExecuteAsync(options, parsed, cancel));
        return command;
    }

    public static Task<int> ExecuteAsync(ConfigurationOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        ReceiverConfiguration Load() => options.Load(parsed);
        bool hasFiles = options.Sources(parsed).Files.Count > 0;
        return ReceiverApplication.RunAsync(Load(), hasFiles ? Load : null, cancellationToken);
    }
}
