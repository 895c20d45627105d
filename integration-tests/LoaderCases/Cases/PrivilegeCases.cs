using System.Diagnostics;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>What the loader needs of the process, and says when it lacks it.</summary>
internal static class PrivilegeCases
{
    private const int Nobody = 65534;

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("privilege.missing", Missing),
        new("privilege.memory_limit", MemoryLimit),
    ];

    /// <summary>Another process of this program gives up its capabilities and tries to create an object.</summary>
    private static void Missing(CaseRun run)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "unprivileged") { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        run.Fact("said", said);
        CaseRun.True(said.Contains("EPERM", StringComparison.Ordinal) || said.Contains("EACCES", StringComparison.Ordinal), $"it says: {said}");
        CaseRun.True(said.Contains("lacks CAP_BPF and CAP_PERFMON", StringComparison.Ordinal), $"it says: {said}");
        CaseRun.True(!said.Contains("MEMLOCK", StringComparison.Ordinal), $"it says: {said}");
    }

    /// <summary>What that process does; prints the refusal.</summary>
    public static void TryWithoutPrivileges()
    {
        // The credentials of the main thread are those that /proc/self shows.
        CaseRun.Equal(0, SystemCall.BecomeUser(Nobody), "setresuid");
        try
        {
            using var loaded = BpfObject.Create(CaseRun.Spec("maps"));
            loaded.Load("on_hash");
            Console.WriteLine("nothing was refused");
        }
        catch (BpfException e)
        {
            Console.WriteLine(e.Message);
        }
    }

    /// <summary>The limit on locked memory is lifted where maps count against it, before 5.11, and left alone elsewhere.</summary>
    private static void MemoryLimit(CaseRun run)
    {
        using var maps = CaseRun.Create("maps");
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max locked memory", StringComparison.Ordinal));
        run.Fact("limit", line);
        run.Fact("memory", maps.Object.Map("hash").MemoryBytes);
        if (CaseRun.Release < 5011)
            CaseRun.True(line.Contains("unlimited", StringComparison.Ordinal), line);
        else
            CaseRun.Equal(Program.MemoryLimit, line, "the limit on locked memory");
    }
}
