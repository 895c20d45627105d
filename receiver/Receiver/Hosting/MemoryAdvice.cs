using Tmds.Linux;

namespace EbpfReceiver.Hosting;

/// <summary>madvise(2).</summary>
internal static unsafe class MemoryAdvice
{
    /// <summary>
    /// Takes the pages of a mapping off the address space: MADV_DONTNEED. Only for mappings whose pages are those of a file, which are mapped again
    /// when they are touched. It is advice: nothing depends on whether the kernel follows it.
    /// </summary>
    public static void Forget(nuint start, nuint length) => LibC.madvise((void*)start, (size_t)(ulong)length, LibC.MADV_DONTNEED);
}
