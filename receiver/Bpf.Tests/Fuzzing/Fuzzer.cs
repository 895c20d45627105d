using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace EbpfReceiver.Bpf.Tests.Fuzzing;

/// <summary>Gives a target damaged inputs, and says which one it did not bear.</summary>
internal static class Fuzzer
{
    private const long MostAllocated = 512L << 20;
    private const int LargestInput = 4 << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Runs until either limit is reached.</summary>
    /// <param name="target">What is tried.</param>
    /// <param name="seed">The same seed gives the same inputs.</param>
    /// <param name="inputs">Most inputs.</param>
    /// <param name="time">Longest time.</param>
    /// <returns>How many inputs were tried, and what was wrong with the last with the input as hex; null if nothing was.</returns>
    public static (long Inputs, string? Finding) Run(FuzzTarget target, int seed, long inputs, TimeSpan time)
    {
        var random = new Random(seed);
        var seeds = target.Seeds();
        var total = Stopwatch.StartNew();
        var journal = Path.Combine(Path.GetTempPath(), $"bpf-fuzz-{target.Area}-{Environment.ProcessId}");
        // A parser that leaves its buffer ends the process: then the input is in this file, its length in the first four bytes.
        using var file = MemoryMappedFile.CreateFromFile(journal, FileMode.Create, null, LargestInput);
        using var view = file.CreateViewAccessor();
        long count = 0;
        string? finding = null;
        for (; count < inputs && total.Elapsed < time && finding is null; count++)
        {
            var input = Mutation.Of(seeds[random.Next(seeds.Length)], random);
            view.Write(0, input.Length);
            view.WriteArray(4, input, 0, Math.Min(input.Length, LargestInput - 4));
            if (Try(target, input) is { } problem)
                finding = $"{target.Area}, seed {seed}, input {count}: {problem}\n{Convert.ToHexString(input)}";
        }

        File.Delete(journal);
        return (count, finding);
    }

    /// <summary>Tries one input; gives what is wrong, or null.</summary>
    public static string? Try(FuzzTarget target, byte[] input)
    {
        var clock = Stopwatch.StartNew();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Run(input);
        }
        catch (BpfException)
        {
            // Said properly.
        }
        catch (Exception e) // whatever it is, it is what is looked for
        {
            return e.ToString();
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return clock.Elapsed > Longest || allocated > MostAllocated ? $"{clock.Elapsed}, {allocated} bytes" : null;
    }
}
