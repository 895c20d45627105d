namespace EbpfReceiver.LoaderCases;

/// <summary>What this process holds of the kernel: descriptors, mappings of buffers, and where nobody else uses BPF, all BPF objects.</summary>
internal sealed class Census
{
    // enum bpf_cmd
    private static readonly (string Kind, int Command)[] NextId = [("program", 11), ("map", 12), ("types", 23), ("link", 31)];

    private readonly bool _alone;
    private readonly SortedDictionary<string, int> _held;

    private Census(bool alone)
    {
        _alone = alone;
        _held = Count(alone);
    }

    public static Census Take(bool alone) => new(alone);

    /// <summary>The kernel lets go of programs and links a grace period after they were closed.</summary>
    public void AssertNothingIsLeft(CaseRun run)
    {
        var left = "";
        for (var wait = 0; wait < 100; wait++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            left = string.Join(", ", Count(_alone).Where(now => now.Value > _held.GetValueOrDefault(now.Key))
                .Select(now => $"{now.Key}: {now.Value}, before {_held.GetValueOrDefault(now.Key)}"));
            if (left.Length == 0)
                break;
            Thread.Sleep(100);
        }

        run.Fact("before", string.Join(", ", _held.Select(held => $"{held.Key}: {held.Value}")));
        CaseRun.True(left.Length == 0, left);
    }

    private static SortedDictionary<string, int> Count(bool alone)
    {
        var held = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles("/proc/self/fd"))
            Add(held, "descriptor", Target(path));
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var at = line.IndexOf("anon_inode:", StringComparison.Ordinal);
            if (at >= 0)
                Add(held, "mapping", line[at..]);
        }

        if (alone)
        {
            foreach (var (kind, command) in NextId)
                held[$"{kind} in the kernel"] = CountIds(command);
        }

        if (File.Exists("/sys/kernel/tracing/kprobe_events"))
            held["events in tracefs"] = File.ReadAllLines("/sys/kernel/tracing/kprobe_events").Length;
        return held;
    }

    private static void Add(SortedDictionary<string, int> held, string what, string target)
    {
        // Files and pipes are the runtime's; what the loader opens are anonymous inodes of the kernel.
        if (target.Contains("anon_inode", StringComparison.Ordinal) || target.StartsWith("bpf-", StringComparison.Ordinal))
            held[$"{what} {target}"] = held.GetValueOrDefault($"{what} {target}") + 1;
    }

    private static string Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return ""; // closed since
        }
    }

    private static unsafe int CountIds(int command)
    {
        var count = 0;
        var attribute = stackalloc uint[3]; // start_id, next_id, open_flags
        for (attribute[0] = 0; SystemCall.Bpf(command, attribute, 12) == 0; attribute[0] = attribute[1])
            count++;
        return count;
    }
}
