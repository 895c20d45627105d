using EbpfReceiver.Bpf;
using EbpfReceiver.LoaderCases.Cases;

namespace EbpfReceiver.LoaderCases;

/// <summary>
/// <c>loader-cases corpus DIRECTORY</c> loads each program of the objects there (<see cref="Corpus"/>).
/// <c>loader-cases PROBED [--alone] [NAME]...</c> runs the cases whose names begin so, or all, and prints a line of JSON for each:
/// name, outcome (passed, refused: the loader said no with an error of its own, failed), reason, facts and milliseconds.
/// With <c>--alone</c> nothing else on this machine uses BPF, so that whatever is left in the kernel at the end is ours, and CPUs may be
/// taken offline.
/// </summary>
internal static class Program
{
    /// <summary>The limit on locked memory before the loader did anything.</summary>
    public static string MemoryLimit { get; } =
        File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max locked memory", StringComparison.Ordinal));

    private static int Main(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            Console.Error.WriteLine("usage: loader-cases corpus DIRECTORY | PROBED [--alone] [NAME]...");
            return 2;
        }

        if (arguments is ["unprivileged"])
        {
            PrivilegeCases.TryWithoutPrivileges();
            return 0;
        }

        if (arguments is ["corpus", var directory])
        {
            Corpus.Load(directory);
            return 0;
        }

        _ = MemoryLimit;
        var alone = arguments.Contains("--alone");
        var names = arguments.Skip(1).Where(name => name != "--alone").ToArray();
        Census? before = null;
        foreach (var one in Catalogue.All.Where(IsWanted))
        {
            // The first case opens what stays open for as long as the process runs.
            if (before is null)
                Run(new LoaderCase("kernel.warm_up", KernelCases.WarmUp), arguments[0]);
            before ??= Census.Take(alone);
            Run(one, arguments[0]);
        }

        if (before is not null)
            Run(new LoaderCase("leaks.nothing_is_left", run => before.AssertNothingIsLeft(run)), arguments[0]);
        return 0;

        bool IsWanted(LoaderCase one) => (alone || !one.Alone)
            && (names.Length == 0 || names.Any(name => one.Name.StartsWith(name, StringComparison.Ordinal)));
    }

    private static void Run(LoaderCase one, string probed)
    {
        var run = new CaseRun(probed);
        var started = Environment.TickCount64;
        var (outcome, reason) = ("passed", "");
        try
        {
            one.Body(run);
        }
        catch (BpfException e)
        {
            (outcome, reason) = ("refused", e.Message);
        }
        catch (CaseFailedException e)
        {
            (outcome, reason) = ("failed", e.Message);
        }
        catch (Exception e) // whatever else a case throws is a failure of that case, and the next ones are run
        {
            (outcome, reason) = ("failed", e.ToString());
        }

        JsonLine.Write(one.Name, outcome, reason, run.Facts, Environment.TickCount64 - started);
    }
}
