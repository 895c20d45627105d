using System.Text.Json;
using EbpfReceiver.IntegrationTests.Guests;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Catalogue;

/// <summary>The catalogue's probes of XFS, Btrfs and NFS in a guest that has these file systems mounted: known work, exact counts.</summary>
public class FileSystemTests
{
    private static readonly string s_workload = Path.Combine(Repository.Root, "integration-tests", "workload");

    [Fact]
    public void Reads_writes_opens_and_syncs_of_XFS_Btrfs_and_NFS_are_counted()
    {
        GuestKernel kernel = GuestKernel.Get("6.12");
        GuestImage image = new();
        image.AddProgram(Repository.Receiver, "/bin/ebpf-receiver");
        foreach (string program in (string[])["mkfs.xfs", "mkfs.btrfs"])
            image.AddProgram(Command.Find(program) ?? throw new FileNotFoundException($"{program} is not installed"), $"/bin/{program}");
        image.AddFile(Path.Combine(s_workload, "wait-for-trace.sh"), "/wait-for-trace.sh");
        image.AddFile(Path.Combine(s_workload, "file-systems.sh"), "/test.sh");
        image.AddText("/probes.yaml", Probes());
        GuestResult result = Guest.Run(kernel, image, Repository.NewScratch(), TimeSpan.FromMinutes(12), GuestKernel.FileSystems).EnsureSuccess();

        using JsonDocument document = JsonDocument.Parse(result.Text("trace.json"));
        Dictionary<string, JsonElement> probes = document.RootElement.GetProperty("probes").EnumerateArray().ToDictionary(probe => probe.GetProperty("name").GetString()!);
        ILookup<string, JsonElement> spans = document.RootElement.GetProperty("events").EnumerateArray().ToLookup(span => span.GetProperty("probe").GetString()!);
        foreach (string system in (string[])["xfs", "btrfs", "nfs"])
        {
            SortedDictionary<string, long> counts = Counts(probes[$"{system}_latency"]);

            // Ten times five blocks written and read, with the end of the file read as well.
            Assert.Equal((system, 50, 60, 10), (system, counts["write"], counts["read"], counts["fsync"]));

            // NFS opens a file that it makes with the same request to the server, and not as the others open theirs.
            Assert.InRange(counts["open"], system == "nfs" ? 10 : 20, 20);
            JsonElement[] slow = [.. spans[$"{system}_slow"]];
            Assert.Equal(50 + 60, slow.Length);
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"file{i}"), slow.Select(span => Attribute(span, "file.name").GetString()!).Distinct().Order(StringComparer.Ordinal));
            foreach (string operation in (string[])["read", "write"])
            {
                Assert.Equal(10 * 5 * 4096, slow.Where(span => span.GetProperty("name").GetString() == $"{system} {operation}")
                    .Sum(span => Attribute(span, "linux.file.size").GetInt64()));
            }
        }

        // An fsync forces the log, and what it finds to write may do so once more.
        JsonElement forces = probes["xfs_log_forces"].GetProperty("maps")[0].GetProperty("entries").EnumerateArray()
            .Single(entry => entry.GetProperty("key").GetProperty("process.executable.name").GetString() == "dd");
        Assert.InRange(forces.GetProperty("value").GetInt64(), 10, 100);
    }

    // All three files in one; and every read and write is a slow one.
    private static string Probes() => "version: 1\nprobes:\n" + string.Concat(((string[])["xfs", "btrfs", "nfs"]).Select(file =>
    {
        const string List = "\nprobes:\n";
        string text = File.ReadAllText(Path.Combine(Repository.Root, "probes", "catalogue", file + ".yaml"));
        return text[(text.IndexOf(List, StringComparison.Ordinal) + List.Length)..].Replace("duration > 10ms", "duration > 0ns").Replace("rate: 50/s", "rate: 100k/s");
    }));

    private static SortedDictionary<string, long> Counts(JsonElement probe) => new(
        probe.GetProperty("maps")[0].GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("key").GetProperty("process.executable.name").GetString() == "dd")
            .ToDictionary(entry => entry.GetProperty("key").GetProperty("linux.file.operation").GetString()!, entry => entry.GetProperty("count").GetInt64()),
        StringComparer.Ordinal);

    private static JsonElement Attribute(JsonElement span, string name) => span.GetProperty("attributes").GetProperty(name);
}
