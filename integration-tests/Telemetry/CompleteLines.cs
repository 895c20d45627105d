namespace EbpfReceiver.IntegrationTests.Telemetry;

/// <summary>Lines of a file that somebody may be writing: what is behind the last end of a line is not there yet.</summary>
internal static class CompleteLines
{
    /// <summary>Reads all lines that have their end.</summary>
    public static IEnumerable<string> Read(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(stream);
        string text = reader.ReadToEnd();
        for (int start = 0, end; (end = text.IndexOf('\n', start)) >= 0; start = end + 1)
            yield return text[start..end];
    }
}
