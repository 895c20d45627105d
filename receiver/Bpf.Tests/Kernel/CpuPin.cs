using Tmds.Linux;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Keeps the calling thread on one CPU until it is disposed, on the same thread.</summary>
internal sealed unsafe class CpuPin : IDisposable
{
    private const int Words = 16;
    private readonly ulong[] _before = new ulong[Words];

    private CpuPin()
    {
        fixed (ulong* mask = _before)
            _ = LibC.sched_getaffinity(0, Words * sizeof(ulong), (cpu_set_t*)mask);
    }

    public static CpuPin To(int cpu)
    {
        var pin = new CpuPin();
        var mask = new ulong[Words];
        mask[cpu / 64] = 1UL << cpu % 64;
        Set(mask);
        return pin;
    }

    public void Dispose() => Set(_before);

    private static void Set(ulong[] words)
    {
        fixed (ulong* mask = words)
            _ = LibC.sched_setaffinity(0, Words * sizeof(ulong), (cpu_set_t*)mask);
    }
}
