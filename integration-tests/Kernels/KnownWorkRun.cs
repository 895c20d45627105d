using System.Globalization;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Telemetry;

namespace EbpfReceiver.IntegrationTests.Kernels;

/// <summary>What workload/known-work.sh left of one way to attach on one kernel.</summary>
internal sealed class KnownWorkRun
{
    public const string ThisMachine = "this machine";

    private const int GuestsAtOnce = 2;

    private static readonly Lazy<Dictionary<string, Task<IReadOnlyDictionary<string, KnownWorkRun>>>> s_runs = new(RunAll);
    private readonly string _directory;

    private KnownWorkRun(string directory)
    {
        _directory = directory;
        Telemetry = TelemetryFile.Read(Path.Combine(directory, "telemetry.jsonl"));
    }

    public TelemetryFile Telemetry { get; }

    /// <summary>The block device that was read and written.</summary>
    public string Device => Text("device").Trim();

    public int ReceiverPid => int.Parse(Text("receiver.pid"), CultureInfo.InvariantCulture);

    public TimeSpan StoppingTime => TimeSpan.FromSeconds(Seconds("stopped") - Seconds("stopping"));

    public TimeSpan StartingTime => TimeSpan.FromSeconds(Seconds("ready") - Seconds("starting"));

    /// <summary>The kernels and the ways to attach that are tested: each rung of the ladder at least once.</summary>
    public static IEnumerable<(string Kernel, string Attach)> All =>
        ((string[])["auto", "raw_tp", "tracepoint"]).Select(attach => (ThisMachine, attach))
            .Concat(Guests.GuestKernel.Versions.SelectMany(kernel => ((string[])["kprobe", "tracepoint", "auto"]).Select(attach => (kernel, attach))));

    /// <summary>The run of one way to attach. All ways of one kernel run together, once; a failure is the failure of all that ask.</summary>
    public static KnownWorkRun Of(string kernel, string attach) => s_runs.Value[kernel].GetAwaiter().GetResult()[attach];

    public static KnownWorkRun Read(string directory) => new(directory);

    public string PathOf(string file) => Path.Combine(_directory, file);

    public string Text(string file) => File.ReadAllText(PathOf(file));

    /// <summary>A number that a workload printed on its last line.</summary>
    public long Number(string file, string property)
    {
        using JsonDocument line = JsonDocument.Parse(File.ReadLines(PathOf(file)).Last());
        return line.RootElement.GetProperty(property).GetInt64();
    }

    private double Seconds(string file) => double.Parse(Text(file), CultureInfo.InvariantCulture);

    // This machine has the CPUs to itself; then the guests share them.
    private static Dictionary<string, Task<IReadOnlyDictionary<string, KnownWorkRun>>> RunAll()
    {
        SemaphoreSlim free = new(GuestsAtOnce);
        Dictionary<string, Task<IReadOnlyDictionary<string, KnownWorkRun>>> runs = [];
        foreach (IGrouping<string, string> ways in All.GroupBy(way => way.Kernel, way => way.Attach))
        {
            string kernel = ways.Key;
            string[] attach = [.. ways];
            if (kernel == ThisMachine)
            {
                runs[kernel] = Task.Run(() => KnownWork.RunHere(attach));
                Task.WhenAny(runs[kernel]).Wait();
            }
            else
            {
                runs[kernel] = Task.Run(() => RunInGuestAsync(kernel, attach));
            }
        }

        return runs;

        async Task<IReadOnlyDictionary<string, KnownWorkRun>> RunInGuestAsync(string kernel, string[] attach)
        {
            await free.WaitAsync();
            try
            {
                return KnownWork.RunInGuest(kernel, attach);
            }
            finally
            {
                free.Release();
            }
        }
    }
}
