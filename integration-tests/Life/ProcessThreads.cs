namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>The threads of another process, as procfs shows them.</summary>
internal static class ProcessThreads
{
    /// <summary>One line of /proc/PID/task/TID/status for every thread, without its name.</summary>
    public static IReadOnlyList<string> Lines(int process, string name)
    {
        var values = new List<string>();
        foreach (string directory in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                string line = File.ReadLines($"{directory}/status").First(l => l.StartsWith($"{name}:", StringComparison.Ordinal));
                values.Add(line[(name.Length + 1)..].Trim());
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return values;
    }
}
