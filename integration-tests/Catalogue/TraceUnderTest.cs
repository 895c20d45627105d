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
        // It says nothing before its tables: descriptors of programs that grow no more say it.
        int before = -1;
        trace._process.WaitUntil(
            () =>
            {
                int now = trace.Programs();
                Thread.Sleep(2000);
                bool settled = now > 0 && now == before;
                before = now;
                return settled;
            },
            TimeSpan.FromSeconds(90),
            "attached");
        return trace;
    }

    /// <summary>Stops it: its tables by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Stop()
    {
        _process.Signal(PosixSignalNumber.Interrupt);
        int exit = _process.WaitForExit(TimeSpan.FromSeconds(60));
        if (exit != 0)
            throw new InvalidDataException($"trace ended with {exit}: {_process.Error}");
        using JsonDocument document = JsonDocument.Parse(_process.Output);
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
