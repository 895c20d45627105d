using System.CommandLine;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Cli;

/// <summary>The options that say where the configuration comes from; the same for every command that needs one.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string[]> _files = new("--config", "-c")
    {
        Description = "A YAML file. May be repeated: a later file goes over an earlier one.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string[]> _overrides = new("--set", "-s")
    {
        Description = "A value that goes over all files, as --set metrics.interval=1s. May be repeated.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command)
    {
        command.Add(_files);
        command.Add(_overrides);
    }

    /// <summary>Reads the configuration that the options name.</summary>
    /// <exception cref="ConfigurationException">It is refused.</exception>
    public ReceiverConfiguration Load(ParseResult parsed) => ConfigurationLoader.Load(Sources(parsed));

    public ConfigurationSources Sources(ParseResult parsed) => new()
    {
        Files = parsed.GetValue(_files) ?? [],
        Overrides = parsed.GetValue(_overrides) ?? [],
    };
}
