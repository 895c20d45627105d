using EbpfReceiver.Bpf.Tests.Kernel;
using Xunit;

[assembly: AssemblyFixture(typeof(LeakCheck))]

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>
/// Before the first test and after the last: descriptors of BPF objects, types and perf events and mappings of buffers.
/// Whatever is more at the end was left open by the loader, or by a test, and fails the whole run.
/// </summary>
public sealed class LeakCheck : IDisposable
{
    private readonly SortedDictionary<string, int> _before = Count();

    public void Dispose()
    {
        var left = "";
        // What only a finalizer closes counts as closed, but its time has to come.
        for (var wait = 0; wait < 50; wait++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            left = string.Join(", ", Count().Where(now => now.Value > _before.GetValueOrDefault(now.Key))
                .Select(now => $"{now.Key}: {now.Value}, before {_before.GetValueOrDefault(now.Key)}"));
            if (left.Length == 0)
                return;
            Thread.Sleep(100);
        }

        throw new InvalidOperationException($"The tests left open what they opened: {left}.");
    }

    private static SortedDictionary<string, int> Count()
    {
        var held = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles("/proc/self/fd"))
        {
            var target = Target(path);
            // The runtime has an epoll of its own for sockets and pipes, which it opens when it first needs it.
            if (target.StartsWith("anon_inode:", StringComparison.Ordinal) && target != "anon_inode:[eventpoll]")
                held[target] = held.GetValueOrDefault(target) + 1;
        }

        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            if (line.Contains("anon_inode:", StringComparison.Ordinal))
                held["mapping"] = held.GetValueOrDefault("mapping") + 1;
        }

        return held;
    }

    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name ?? "";
        }
        catch (IOException)
        {
            return ""; // closed meanwhile
        }
    }
}
