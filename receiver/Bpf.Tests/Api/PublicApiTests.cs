using Xunit;

namespace EbpfReceiver.Bpf.Tests.Api;

/// <summary>What others build on is changed on purpose only: a change of it is seen in PublicApi.txt.</summary>
public sealed class PublicApiTests
{
    private const string Command =
        "EBPF_RECEIVER_WRITE_DOCS=1 dotnet run --project receiver/Bpf.Tests -- -class '*PublicApiTests' writes it";

    [Fact]
    public void The_public_members_of_the_library_are_those_that_were_agreed_on()
    {
        var actual = $"# The public API of EbpfReceiver.Bpf; {Command}\n{PublicApi.Of(typeof(BpfObject).Assembly)}";
        if (Environment.GetEnvironmentVariable("EBPF_RECEIVER_WRITE_DOCS") == "1")
            File.WriteAllText(SourcePath(), actual);
        var expected = File.ReadAllText(SourcePath());
        // The lines that differ say more than both texts would.
        var (was, now) = (Lines(expected), Lines(actual));
        Assert.True(
            expected == actual,
            $"Api/PublicApi.txt is not what the library shows; {Command}.\nGone:\n{string.Join('\n', was.Except(now))}\nNew:\n"
                + string.Join('\n', now.Except(was)));

        static List<string> Lines(string text)
        {
            var (type, lines) = ("", new List<string>());
            foreach (var line in text.Split('\n'))
            {
                type = line.StartsWith(' ') ? type : line;
                lines.Add(line.StartsWith(' ') ? $"{type}: {line.Trim()}" : line);
            }

            return lines;
        }
    }

    [Fact]
    public void Members_are_written_as_they_are_declared()
    {
        var lines = PublicApi.Of(typeof(BpfObject).Assembly).Split('\n');
        Assert.Contains("sealed class SampleReader : IAsyncDisposable, IDisposable", lines);
        Assert.Contains("    new(BpfMap map, ISampleSink sink, SampleReaderOptions options = default)", lines);
        Assert.Contains("    event Action<Exception> Failed", lines);
        Assert.Contains("    int PagesPerCpu { get; init; }", lines);
        Assert.Contains("    PerfEventArray = 4", lines);
        Assert.Contains("    static BpfObjectSpec Parse(ReadOnlyMemory<byte> image, string name)", lines);
        Assert.DoesNotContain(lines, l => l.Contains("<Clone>$", StringComparison.Ordinal));
    }

    private static string SourcePath() => Path.Combine(
        RepositoryFolder.Find() ?? throw new InvalidOperationException("The tests do not run inside the repository."),
        "receiver", "Bpf.Tests", "Api", "PublicApi.txt");
}
