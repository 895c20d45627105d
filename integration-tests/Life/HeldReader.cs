using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>Holds the thread of a receiver that reads the samples still, and no other, until it is disposed (hold.c).</summary>
internal static class HeldReader
{
    /// <param name="process">The receiver.</param>
    public static RunningProcess Of(int process)
    {
        string thread = Directory.EnumerateDirectories($"/proc/{process}/task").Single(t => File.ReadAllText($"{t}/comm").Trim() == "samples");
        RunningProcess hold = RunningProcess.Start(Repository.Hold, [Path.GetFileName(thread)]);
        hold.WaitUntil(() => hold.Output.Contains("held", StringComparison.Ordinal), TimeSpan.FromSeconds(60), "held");
        return hold;
    }
}
