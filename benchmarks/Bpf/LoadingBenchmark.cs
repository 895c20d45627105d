using System.Diagnostics;
using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>
/// Opening and loading an object, and reading and searching the kernel's types, against libbpf in C: each time in a process of its own,
/// in turns, so that nothing is warm but the page cache; the medians are compared.
/// </summary>
internal static class LoadingBenchmark
{
    private const int Objects = 6;
    private const int Names = 100;

    /// <summary>What the process does that is measured: <c>one load OBJECT</c>, <c>one types FILE</c>.</summary>
    public static int One(string what, string path)
    {
        var start = Stopwatch.GetTimestamp();
        if (what == "load")
        {
            using var bpf = BpfObject.Create(BpfObjectSpec.Parse(File.ReadAllBytes(path), Path.GetFileNameWithoutExtension(path)));
            bpf.LoadAll();
            Print(start);
            return 0;
        }

        var types = BtfTypes.LoadKernel();
        var found = 0;
        foreach (var line in File.ReadLines(path))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            found += types.TryFind(line[(space + 1)..], (BtfKind)int.Parse(line[..space], CultureInfo.InvariantCulture), out _) ? 1 : 0;
        }

        Print(start, $" {found}");
        return found == Names ? 0 : 1;
    }

    public static int Load(string directory, int rounds)
    {
        var peer = Peers.CompileLibbpf("libbpf-loader", directory);
        var measured = 0;
        foreach (var path in ToolObjects.Extract(directory))
        {
            var name = $"{Path.GetFileNameWithoutExtension(path),-14}";
            if (Run(peer, "load", path).Nanoseconds < 0)
            {
                Console.WriteLine($"{name} left out: libbpf does not load it whole on this kernel");
            }
            else
            {
                Compare($"{name} {new FileInfo(path).Length / 1024,4} KiB", peer, "load", path, rounds);
                if (++measured == Objects)
                    break;
            }
        }

        return 0;
    }

    public static int Types(string directory, int rounds)
    {
        var peer = Peers.CompileLibbpf("libbpf-loader", directory);
        var names = Path.Combine(directory, "names");
        var types = BtfTypes.LoadKernel();
        var lines = new List<string>();
        for (var id = types.Count - 1; lines.Count < Names; id -= types.Count / (2 * Names))
        {
            // The next one that has a name of its own.
            while (!HasOwnName(types, id))
                id--;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(int)types[id].Kind} {types[id].Name}"));
        }

        File.WriteAllLines(names, lines);
        Compare($"{types.Count:N0} types of this kernel, {Names} names", peer, "types", names, rounds);
        return 0;
    }

    private static bool HasOwnName(BtfTypes types, uint id)
        => types[id] is { Kind: BtfKind.Struct or BtfKind.Function, NameUtf8.IsEmpty: false } type
            && types.TryFind(type.Name, type.Kind, out var first) && first == id;

    private static void Compare(string what, string peer, string command, string path, int rounds)
    {
        var theirs = new List<(double Inside, double Whole)>();
        var ours = new List<(double Inside, double Whole)>();
        for (var round = -2; round < rounds; round++)
        {
            var (libbpf, own) = (Run(peer, command, path), Run(Environment.ProcessPath!, "one " + command, path));
            if (round < 0)
                continue;
            if (own.Nanoseconds < 0)
                throw new InvalidOperationException($"{what}: libbpf does it, and we do not.");
            theirs.Add((libbpf.Nanoseconds / 1e6, libbpf.Whole));
            ours.Add((own.Nanoseconds / 1e6, own.Whole));
        }

        var inside = (Theirs: Peers.Median(theirs.Select(t => t.Inside)), Ours: Peers.Median(ours.Select(t => t.Inside)));
        var whole = (Theirs: Peers.Median(theirs.Select(t => t.Whole)), Ours: Peers.Median(ours.Select(t => t.Whole)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}   libbpf {inside.Theirs,6:F1} ms   ours {inside.Ours,6:F1} ms   {inside.Ours / inside.Theirs:F2}x of its time"
                + $"   (whole processes {whole.Theirs:F1} and {whole.Ours:F1} ms, {whole.Ours / whole.Theirs:F2}x)"));
    }

    /// <summary>Nanoseconds that the process says it took, negative if it failed, and milliseconds from its start to its end.</summary>
    private static (long Nanoseconds, double Whole) Run(string program, string command, string path)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(program, $"{command} {path}") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var answer = process.StandardOutput.ReadToEnd().Split([' ', '\n'])[0];
        process.WaitForExit();
        var whole = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return (long.TryParse(answer, CultureInfo.InvariantCulture, out var nanoseconds) ? nanoseconds : -1, whole);
    }

    private static void Print(long start, string rest = "")
        => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(long)Stopwatch.GetElapsedTime(start).TotalNanoseconds}{rest}"));
}
