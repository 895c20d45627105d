using System.CommandLine;
using EbpfReceiver.Configuration;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;

namespace EbpfReceiver.Cli;

/// <summary><c>validate</c>: reads a configuration and says what is wrong with it, or what it would do.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var options = new ConfigurationOptions();
        var schema = new Option<bool>("--print-schema") { Description = "Print the JSON Schema of the configuration, for editors." };
        var keys = new Option<bool>("--print-keys") { Description = "Print the table of all keys with types and defaults, in Markdown." };
        var probes = new Argument<string[]>("PROBES") { Description = "Probe files to check: read, bound to this machine, compiled; nothing is loaded.", Arity = ArgumentArity.ZeroOrMore };
        probes.Validators.Add(static result =>
        {
            // An option that is misspelt is not a file.
            if (result.Tokens.FirstOrDefault(t => t.Value.StartsWith('-') && t.Value.Length > 1) is { } option)
                result.AddError($"Unrecognized command or argument '{option.Value}'.");
        });
        var command = new Command("validate", "Check a configuration or probe files without running them. Exit code 2 when one is refused, with every error.")
        {
            probes,
            schema,
            keys,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(schema))
            {
                output.Write(SchemaDocuments.JsonSchema());
                return ExitCode.Success;
            }

            if (parsed.GetValue(keys))
            {
                output.Write(SchemaDocuments.KeyTable());
                return ExitCode.Success;
            }

            if (parsed.GetValue(probes) is { Length: > 0 } files)
            {
                foreach (string file in files)
                    Check(output, file);
                return ExitCode.Success;
            }

            ConfigurationSources sources = options.Sources(parsed);
            ReceiverConfiguration configuration = ConfigurationLoader.Load(sources);
            output.WriteLine(sources.Files.Count == 0
                ? "No --config was given; this is what runs without one."
                : $"{string.Join(", ", sources.Files)}: no errors.");
            foreach (string line in ConfigurationSummary.Lines(configuration))
                output.WriteLine("  " + line);
            foreach (string file in new ProbeFiles(configuration.Probes.Files).Paths)
                Check(output, file);
            return ExitCode.Success;
        });
        return command;
    }

    private static void Check(TextWriter output, string file)
    {
        string text = ProbeFileText.Read(file);
        try
        {
            IReadOnlyList<string> lines = ProbeFileCheck.Run(text, file);
            output.WriteLine($"{file}: no errors.");
            foreach (string line in lines)
                output.WriteLine("  " + line);
        }
        catch (ProbeLanguageException e)
        {
            throw ProbeFileText.Refused(e);
        }
    }
}
