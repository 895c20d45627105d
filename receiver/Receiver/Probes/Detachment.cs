using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes;

/// <summary>
/// Takes many programs off their hooks at once. For each the kernel waits until no CPU can still be in it, tens of milliseconds; waits that
/// overlap are one. Threads of its own, because the pool would begin with as many as there are CPUs.
/// </summary>
internal static class Detachment
{
    private const int MaximumThreads = 32;

    /// <summary>Disposes all links; returns when the last is gone.</summary>
    public static void All(IReadOnlyList<BpfLink> links)
    {
        int next = -1;
        var threads = new Thread[Math.Min(links.Count, MaximumThreads)];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = new Thread(Work, maxStackSize: 256 * 1024) { IsBackground = true, Name = "detach" };
            threads[i].Start();
        }

        foreach (Thread thread in threads) thread.Join();

        void Work()
        {
            for (int at = Interlocked.Increment(ref next); at < links.Count; at = Interlocked.Increment(ref next)) links[at].Dispose();
        }
    }
}
