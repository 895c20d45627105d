namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>A file of the telemetry registry says something it must not.</summary>
/// <param name="file">The file.</param>
/// <param name="line">The line in it, from 1; 0 if the file as a whole is concerned.</param>
/// <param name="message">What is wrong, in a sentence.</param>
public sealed class RegistryException(string file, long line, string message)
    : Exception(line > 0 ? $"{file}({line}): {message}" : $"{file}: {message}")
{
    /// <summary>The file.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; } = message;

    /// <summary>The line in it, from 1; 0 if the file as a whole is concerned.</summary>
    public long Line { get; } = line;
}
