namespace EbpfReceiver.IntegrationTests.Processes;

/// <summary>Runs other programs to their end.</summary>
internal static class Command
{
    public static CommandResult Run(
        string program, IEnumerable<string> arguments, TimeSpan? limit = null, string? directory = null,
        IReadOnlyDictionary<string, string?>? environment = null, string? input = null)
    {
        using RunningProcess process = RunningProcess.Start(program, arguments, directory, environment, input);
        int exit = process.WaitForExit(limit ?? TimeSpan.FromMinutes(2));
        return new CommandResult(process.CommandLine, exit, process.Output, process.Error, process.Id);
    }

    /// <summary>A line of shell, with -e and pipefail.</summary>
    public static CommandResult Shell(string script, TimeSpan? limit = null, string? directory = null) =>
        Run("bash", ["-euo", "pipefail", "-c", script], limit, directory);

    /// <summary>The file of a program on PATH or in the system's sbin directories; null if it is not installed.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
