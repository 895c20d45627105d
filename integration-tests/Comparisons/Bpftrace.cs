using System.Globalization;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Comparisons;

/// <summary>bpftrace, at work at the same time as the receiver; its maps when it is told to stop.</summary>
internal sealed class Bpftrace : IDisposable
{
    private readonly RunningProcess _process;

    private Bpftrace(RunningProcess process) => _process = process;

    /// <summary>
    /// Starts a program and waits until it is attached. It sees tracefs in a mount namespace of its own. Nothing that probes print is shown
    /// before all of them are attached; how many there will be, it says before.
    /// </summary>
    public static Bpftrace Start(string program)
    {
        string path = Path.Combine(Repository.NewScratch("bpftrace"), "program.bt");
        File.WriteAllText(path, "interval:s:1 { printf(\"in place\\n\"); }\n" + program);
        RunningProcess process = RunningProcess.Start("unshare",
        [
            "--mount", "sh", "-c",
            "mount -t debugfs debugfs /sys/kernel/debug; mount -t tracefs tracefs /sys/kernel/tracing; mount -t tracefs tracefs /sys/kernel/debug/tracing; exec bpftrace -f json \"$0\"",
            path,
        ], environment: new Dictionary<string, string?> { ["BPFTRACE_MAP_KEYS_MAX"] = "65536" });
        try
        {
            process.WaitUntil(() => process.Output.Contains("in place", StringComparison.Ordinal), TimeSpan.FromMinutes(3), "attached");
        }
        catch
        {
            process.Dispose();
            throw;
        }

        return new Bpftrace(process);
    }

    /// <summary>Stops it: its maps by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Stop()
    {
        // A busy machine has been seen to lose the first signal.
        for (int i = 0; i < 3 && !_process.HasExited; i++)
        {
            _process.Signal(PosixSignalNumber.Interrupt);
            for (int waits = 0; waits < 300 && !_process.HasExited; waits++)
                Thread.Sleep(100);
        }

        _process.WaitForExit(TimeSpan.FromMinutes(1));
        return Maps(_process.Output);
    }

    /// <summary>The maps that it printed as it ended, by name.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Maps(string output)
    {
        Dictionary<string, JsonElement> maps = [];
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.GetProperty("type").GetString() is not ("map" or "hist" or "lhist" or "stats"))
                continue;
            foreach (JsonProperty map in document.RootElement.GetProperty("data").EnumerateObject())
                maps[map.Name] = map.Value.Clone();
        }

        return maps;
    }

    /// <summary>A map of numbers: its keys, as they are joined by commas, to its values.</summary>
    public static SortedDictionary<string, long> Flat(JsonElement map) => map.ValueKind == JsonValueKind.Number
        ? new(StringComparer.Ordinal) { [""] = map.GetInt64() }
        : new(map.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64()), StringComparer.Ordinal);

    /// <summary>The buckets of a histogram that are not empty: lower bound (-1 for what is below the lowest) to count.</summary>
    public static SortedDictionary<long, long> Buckets(JsonElement histogram)
    {
        SortedDictionary<long, long> result = [];
        foreach (JsonElement bucket in histogram.EnumerateArray())
        {
            if (bucket.GetProperty("count").GetInt64() is > 0 and long count)
                result[bucket.TryGetProperty("min", out JsonElement low) ? low.GetInt64() : -1] = count;
        }

        return result;
    }

    /// <summary>The bounds of the power-of-two bucket in which the given share of a hist() lies.</summary>
    public static (double Low, double High) Quantile(JsonElement histogram, double share)
    {
        (double Low, double High, long Count)[] buckets = [.. histogram.EnumerateArray().Select(bucket => (
            bucket.TryGetProperty("min", out JsonElement low) ? low.GetDouble() : 0,
            bucket.TryGetProperty("max", out JsonElement high) ? high.GetDouble() : double.MaxValue,
            bucket.GetProperty("count").GetInt64()))];
        long rank = (long)Math.Ceiling(share * buckets.Sum(bucket => bucket.Count)), below = 0;
        foreach ((double low, double high, long count) in buckets)
        {
            below += count;
            if (rank <= below)
                return (low, high);
        }

        throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"no value at {share} in {histogram}"));
    }

    public static long Count(JsonElement histogram) => histogram.EnumerateArray().Sum(bucket => bucket.GetProperty("count").GetInt64());

    public void Dispose() => _process.Dispose();
}
