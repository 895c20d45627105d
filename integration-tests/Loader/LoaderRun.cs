using EbpfReceiver.Bpf.Tests;
using EbpfReceiver.IntegrationTests.Guests;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Loader;

/// <summary>What LoaderCases came to on one kernel, and beside it what libbpf made of the same objects.</summary>
internal sealed class LoaderRun
{
    public const string ThisMachine = "this machine";

    private const int GuestsAtOnce = 2;
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    // What ModuleCases look at, and before it what it needs.
    private static readonly string[] s_modules = ["configfs", "loop"];
    private static readonly Lazy<Dictionary<string, Task<LoaderRun>>> s_runs = new(RunAll);

    private LoaderRun(string release, string cases, string corpus, string reference)
    {
        Release = ReleaseOf(release);
        Outcomes = Parse(cases);
        Corpus = Parse(corpus);
        foreach (string line in Lines(reference))
        {
            string[] words = line.Split(' ');
            Reference.Add($"{words[0]} {words[1]}", words[2]);
        }
    }

    /// <summary>The kernels that the cases run on.</summary>
    public static IEnumerable<string> Kernels => [ThisMachine, .. GuestKernel.Versions];

    public (int Major, int Minor) Release { get; }

    /// <summary>By the name of the case.</summary>
    public Dictionary<string, LoaderOutcome> Outcomes { get; }

    /// <summary>The programs of libbpf-tools, by object and program, as the loader loads them: loaded, refused or failed.</summary>
    public Dictionary<string, LoaderOutcome> Corpus { get; }

    /// <summary>The same as libbpf loads them: <c>loaded</c>, or an errno.</summary>
    public Dictionary<string, string> Reference { get; } = [];

    /// <summary>The run on one kernel; all cases run together, once, and a failure to run them is the failure of all that ask.</summary>
    public static LoaderRun On(string kernel) => s_runs.Value[kernel].GetAwaiter().GetResult();

    public LoaderOutcome Outcome(string name) => Outcomes.TryGetValue(name, out LoaderOutcome? outcome)
        ? outcome
        : throw new InvalidOperationException($"{name} did not run; the last that did was {Outcomes.Keys.LastOrDefault()}");

    private static (int, int) ReleaseOf(string text)
    {
        string[] parts = text.Split('.', '-', '+');
        return (int.Parse(parts[0], null), int.Parse(parts[1], null));
    }

    private static Dictionary<string, LoaderOutcome> Parse(string lines) =>
        Lines(lines).Where(line => line.StartsWith('{')).Select(LoaderOutcome.Parse).ToDictionary(outcome => outcome.Name);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static LoaderRun RunHere()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loading needs root");
        string program = Repository.LoaderCases, corpus = Repository.NewScratch("corpus");
        foreach ((string name, byte[] image) in LibbpfTools.Objects())
            File.WriteAllBytes(Path.Combine(corpus, name), image);
        return new LoaderRun(
            File.ReadAllText("/proc/sys/kernel/osrelease"),
            Command.Run(program, [Path.Combine(Path.GetDirectoryName(program)!, "probed")], s_limit).EnsureSuccess().Output,
            Command.Run(program, ["corpus", corpus], s_limit).EnsureSuccess().Output,
            Command.Run(Repository.LoaderReference, [corpus], s_limit).EnsureSuccess().Output);
    }

    private static LoaderRun RunInGuest(string version)
    {
        GuestKernel kernel = GuestKernel.Get(version);
        GuestImage image = new();
        string program = Repository.LoaderCases;
        image.AddProgram(program, "/bin/loader-cases");
        image.AddProgram(Path.Combine(Path.GetDirectoryName(program)!, "probed"), "/bin/probed");
        image.AddProgram(Repository.LoaderReference, "/bin/reference");
        foreach ((string name, byte[] contents) in LibbpfTools.Objects())
            image.AddBytes($"/corpus/{name}", contents);
        if (kernel.Configuration is { } configuration)
            image.AddFile(configuration, $"/boot/config-{kernel.Release}");
        // A parameter makes its devices have zones.
        image.AddFile(kernel.Module("null_blk") ?? throw new FileNotFoundException($"{kernel.Release} has no null_blk"), "/lib/null_blk.ko");
        image.AddText("/test.sh", """
            set -e
            insmod /lib/null_blk.ko nr_devices=2 gb=1 zoned=1 zone_size=64
            loader-cases /bin/probed --alone > /out/cases
            loader-cases corpus /corpus > /out/corpus
            reference /corpus > /out/reference

            """);
        GuestResult result = Guest.Run(kernel, image, Repository.NewScratch($"loader-{version}"), TimeSpan.FromMinutes(12), s_modules).EnsureSuccess();
        return new LoaderRun(kernel.Release, result.Text("cases"), result.Text("corpus"), result.Text("reference"));
    }

    // This machine has the CPUs to itself; then the guests share them.
    private static Dictionary<string, Task<LoaderRun>> RunAll()
    {
        SemaphoreSlim free = new(GuestsAtOnce);
        Dictionary<string, Task<LoaderRun>> runs = new() { [ThisMachine] = Task.Run(RunHere) };
        Task.WhenAny(runs[ThisMachine]).Wait();
        foreach (string version in GuestKernel.Versions)
            runs[version] = Task.Run(() => RunInGuestAsync(version));
        return runs;

        async Task<LoaderRun> RunInGuestAsync(string version)
        {
            await free.WaitAsync();
            try
            {
                return RunInGuest(version);
            }
            finally
            {
                free.Release();
            }
        }
    }
}
