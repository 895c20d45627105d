using System.Runtime.InteropServices;
using EbpfReceiver.Configuration;
using EbpfReceiver.Hosting;
using EbpfReceiver.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Proto.Metrics.V1;

namespace EbpfReceiver.Tests.Probes.Declared;

/// <summary>A receiver with one probe file, on the running kernel; the probes look at a system call that this process makes.</summary>
internal sealed partial class ProbeFileFixture : IAsyncDisposable
{
    /// <summary>Nobody but the tests calls getpgid of this process.</summary>
    private static readonly int Getpgid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 155 : 121;

    private readonly string _directory = Directory.CreateTempSubdirectory("probes").FullName;

    public ProbeFileFixture(string probes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Attaching BPF programs needs root.");
        Write(probes);
        ReceiverConfiguration configuration = ConfigurationLoader.Load(new ConfigurationSources
        {
            Overrides = [$"probes.files={Path}", "probes.include=process", "probes.catalogue.enabled=false", "metrics.interval=1s"],
            Variable = _ => null,
        });
        Runtime = new ReceiverRuntime(
            configuration with
            {
                Processes = new ProcessesConfiguration
                {
                    Include = [new ProcessPattern { Name = "*" }, new ProcessPattern { Pid = Environment.ProcessId }],
                    Exclude = [],
                },
            },
            [Outlet],
            NullLoggerFactory.Instance);
    }

    /// <summary>What selects the calls of this process.</summary>
    public static string Ours => $"args.id == {Getpgid} && pid == {Environment.ProcessId}";

    public string Path => System.IO.Path.Combine(_directory, "test.yaml");

    public CapturingOutlet Outlet { get; } = new();

    public ReceiverRuntime Runtime { get; }

    public static void Call(int times)
    {
        for (int i = 0; i < times; i++) GetPgid(0);
    }

    public void Write(string probes)
    {
        // At once, as editors do: half a file would be refused.
        File.WriteAllText(Path + ".new", $"version: 1\nprobes:\n{probes}");
        File.Move(Path + ".new", Path, overwrite: true);
    }

    /// <summary>The last value of a sum, all series together.</summary>
    public long Sum(string metric) => LastPoints(metric).Sum(p => p.AsInt);

    public IEnumerable<NumberDataPoint> LastPoints(string metric)
    {
        List<NumberDataPoint> points = [.. Outlet.Metrics.Where(m => m.Metric.Name == metric).SelectMany(m => m.Metric.Sum.DataPoints)];
        return points.GroupBy(p => string.Join(",", p.Attributes)).Select(g => g.OrderBy(p => p.TimeUnixNano).Last());
    }

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "getpgid")]
    private static partial int GetPgid(int pid);
}
