using System.Text.Json;
using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Catalogue;

/// <summary><c>ebpf-receiver trace --file FILE --json</c>, at work beside another tool.</summary>
internal sealed class TraceUnderTest : IDisposable
{
    private readonly RunningProcess _process;

    private TraceUnderTest(RunningProcess process) => _process = process;

    /// <summary>Starts it and waits until its programs are attached.</summary>
    public static TraceUnderTest Start(string probes)
    {
        string path = Path.Combine(Repository.NewScratch("trace"), "probes.yaml");
        File.WriteAllText(path, probes);
        var trace = new TraceUnderTest(RunningProcess.Start(Repository.Receiver, ["trace", "--file", path, "--json"]));
        // It says nothing before its tables. While it attaches, a thread of it runs, is about to, or waits for the kernel; then all of
        // them sleep but for a moment each second. Two seconds of that, in steps of WaitUntil's 50 ms:
        int restful = 0;
        trace._process.WaitUntil(
            () => (restful = trace.Programs() > 0 && trace.IsAtRest() ? restful + 1 : 0) >= 40, TimeSpan.FromMinutes(5), "attached");
        return trace;
    }

    /// <summary>Stops it: its tables by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Stop()
    {
        _process.Signal(PosixSignalNumber.Interrupt);
        int exit = _process.WaitForExit(TimeSpan.FromMinutes(3));
        if (exit != 0)
            throw new InvalidDataException($"trace ended with {exit}: {_process.Error}");
        return Tables(_process.Output);
    }

    /// <summary>The tables of what it printed, by name.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Tables(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Dictionary<string, JsonElement> tables = [];
        foreach (JsonElement probe in document.RootElement.GetProperty("probes").EnumerateArray())
        {
            foreach (JsonElement map in probe.GetProperty("maps").EnumerateArray())
                tables[map.GetProperty("name").GetString()!] = map.GetProperty("entries").Clone();
        }

        return tables;
    }

    /// <summary>The entries of a table: the parts of the key, joined by commas, to the value.</summary>
    public static SortedDictionary<string, long> Values(JsonElement entries) => new(
        entries.EnumerateArray().ToDictionary(
            entry => string.Join(',', entry.GetProperty("key").EnumerateObject().Select(part => part.Value.ToString())),
            entry => entry.GetProperty("value").GetInt64()),
        StringComparer.Ordinal);

    /// <summary>The buckets of the only histogram of a table that are not empty: lower bound (-1 for what is negative) to count.</summary>
    public static SortedDictionary<long, long> Buckets(JsonElement entries)
    {
        SortedDictionary<long, long> result = [];
        foreach (JsonElement bucket in entries.EnumerateArray().Single().GetProperty("buckets").EnumerateArray())
        {
            if (bucket.GetProperty("count").GetInt64() is > 0 and long count)
                result[bucket.TryGetProperty("lower", out JsonElement lower) ? lower.GetInt64() : -1] = count;
        }

        return result;
    }

    public void Dispose() => _process.Dispose();

    /// <summary>Whether every thread sleeps: the letter behind the name in /proc/PID/stat, proc(5).</summary>
    private bool IsAtRest()
    {
        try
        {
            return Directory.GetDirectories($"/proc/{_process.Id}/task").Select(thread => File.ReadAllText($"{thread}/stat"))
                .All(stat => stat[stat.LastIndexOf(')') + 2] == 'S');
        }
        catch (IOException)
        {
            return false; // a thread has just ended
        }
    }

    private int Programs()
    {
        try
        {
            return Directory.GetFiles($"/proc/{_process.Id}/fd").Count(descriptor => File.ResolveLinkTarget(descriptor, false)?.Name.Contains("bpf-prog", StringComparison.Ordinal) == true);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
