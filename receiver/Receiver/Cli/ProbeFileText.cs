using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Cli;

/// <summary>Probe files that a command names.</summary>
internal static class ProbeFileText
{
    /// <summary>Reads a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="CommandFailedException">It can't be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{path} cannot be read: {e.Message}", null, ExitCode.Usage);
        }
    }

    /// <summary>Reads and parses a file.</summary>
    /// <exception cref="CommandFailedException">It can't be read, or is wrong.</exception>
    public static ProbeFile Parse(string path)
    {
        string text = Read(path);
        try
        {
            return ProbeFile.Parse(text, path);
        }
        catch (ProbeLanguageException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>A refusal in words, all that is wrong on lines of their own.</summary>
    public static CommandFailedException Refused(ProbeLanguageException e) => new(
        e.Diagnostics.Count == 1
            ? $"the probe is refused{Environment.NewLine}{e.Message}"
            : $"the probe is refused, for {e.Diagnostics.Count} reasons{Environment.NewLine}{e.Message}",
        null,
        ExitCode.Usage);
}
