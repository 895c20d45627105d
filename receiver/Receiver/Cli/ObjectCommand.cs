using System.CommandLine;
using EbpfReceiver.Configuration;
using EbpfReceiver.Objects;
using EbpfReceiver.Terminal;
using Spectre.Console;

namespace EbpfReceiver.Cli;

/// <summary><c>object</c>: what a BPF object holds, and what becomes of it here.</summary>
internal static class ObjectCommand
{
    private const int PlainWidth = 200;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A BPF object, as clang -target bpf makes it." };
        var types = new Option<string?>("--btf")
        {
            Description = "Relocate against these types instead of the running kernel's: raw BTF, or an ELF file with a section .BTF.",
            HelpName = "FILE",
        };
        var load = new Option<bool>("--load")
        {
            Description = "Load each program into this kernel, attached to nothing, and say what the verifier has against it.",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON, with the relocated instructions in hexadecimal." };
        var command = new Command(
            "object",
            "Show what a BPF object holds: programs with their relocations, maps, externs. Exit code 1 when something of it is refused.")
        {
            file, types, load, json,
        };
        command.SetAction(parsed =>
        {
            ObjectReport report = ObjectInspection.Run(parsed.GetValue(file)!, parsed.GetValue(types), parsed.GetValue(load));
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(ObjectJson.Write(report));
            else
                ObjectText.Write(report, ConsoleOver(output));
            return report.IsRefused ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }

    private static IAnsiConsole ConsoleOver(TextWriter output)
    {
        bool color = ConsoleViews.UsesColor(ColorChoice.Auto, Console.IsOutputRedirected, Environment.GetEnvironmentVariable);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (Console.IsOutputRedirected)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
