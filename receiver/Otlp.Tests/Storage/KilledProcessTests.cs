using System.Buffers.Binary;
using System.Diagnostics;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>Real processes, killed at random moments while they write, one after the other on the same queue.</summary>
public sealed class KilledProcessTests
{
    private const int Kills = 200;

    /// <summary>Numbers of one process begin here times its turn.</summary>
    private const int Numbers = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_batch_that_counts_as_stored_is_lost_and_none_is_invented(int seed)
    {
        using var directory = new TemporaryDirectory();
        var random = new Random(seed);
        // Stored and not known to have been taken: these have to be there.
        var owed = new SortedSet<int>();
        int stored = 0, taken = 0, lateKills = 0;
        bool enough = false;
        // A machine that is busy does less between two kills: it takes more of them.
        for (int kill = 1; kill <= Kills / 2 || (kill <= 2 * Kills && !enough); kill++)
        {
            int first = kill * Numbers;
            bool early = random.Next(5) == 0;
            List<int> said = RunAndKill(directory.Path, first, early, random.Next(80));
            lateKills += said.Count > 0 ? 1 : 0;
            int last = said.Where(n => n > 0).DefaultIfEmpty(first - 1).Max();
            for (int number = first; number <= last; number++)
                owed.Add(number);
            stored += last - first + 1;
            int[] done = [.. said.Where(n => n < 0).Select(n => -n)];
            taken += done.Length;
            owed.ExceptWith(done);
            enough = stored > Kills * 5 && taken > Kills && lateKills > Kills / 4;

            using var log = new OpenedLog(directory.Of("otlp"));
            bool drain = random.Next(4) == 0;
            List<int> found = log.Drain(complete: drain);
            Assert.Equal(found.Distinct().Order(), found);
            Assert.Empty(owed.Except(found));
            Assert.Equal((0L, kill), (log.Storage.CorruptedBytes, kill));
            Assert.All(found, n => Assert.InRange(n, 1, first + Numbers - 1));
            if (!drain)
                continue;
            log.AssertBalanced();
            log.Close();
            owed.Clear();
        }
        Assert.True(enough, $"{stored} stored, {taken} taken, {lateKills} killed while writing");
    }

    private static List<int> RunAndKill(string directory, int first, bool early, int milliseconds)
    {
        using Process process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "EbpfReceiver.Otlp.Appender"))
        {
            ArgumentList = { directory, first.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
        })!;
        try
        {
            using var output = new BinaryReader(process.StandardOutput.BaseStream);
            var numbers = new List<int>();
            if (!early)
                numbers.Add(output.ReadInt32());
            Thread.Sleep(milliseconds);
            process.Kill();
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            while (process.StandardOutput.BaseStream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
                numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(bytes));
            return numbers;
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
