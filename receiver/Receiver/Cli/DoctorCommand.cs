using System.CommandLine;
using EbpfReceiver.Doctor;
using EbpfReceiver.Terminal;

namespace EbpfReceiver.Cli;

/// <summary><c>doctor</c>: what this kernel and these privileges allow, what will run, how to mend the rest.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var options = new ConfigurationOptions();
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var command = new Command(
            "doctor", "Say what this kernel and these privileges allow, which probes would run, and how to mend the rest. Exit code 1 when nothing would.")
        {
            json,
        };
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            DoctorReport report = await Examination.RunAsync(options.Load(parsed), new SystemFiles(), cancel);
            if (parsed.GetValue(json))
            {
                using var buffer = new MemoryStream();
                report.WriteJson(buffer);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
            }
            else
            {
                bool color = ConsoleViews.UsesColor(Configuration.ColorChoice.Auto, Console.IsOutputRedirected, Environment.GetEnvironmentVariable);
                report.WriteText(parsed.InvocationConfiguration.Output, color);
            }

            return report.CanRun ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }
}
