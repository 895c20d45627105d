using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.BpfBenchmarks;

/// <summary>What is read, and when the reader is woken.</summary>
/// <param name="IsRing">A ring buffer; else a perf buffer.</param>
/// <param name="Size">Bytes of a sample.</param>
/// <param name="WakeEvery">Samples; 0: not before the buffer is full by a quarter.</param>
internal readonly record struct ReaderCase(bool IsRing, int Size, int WakeEvery)
{
    /// <summary>Of a perf buffer; the ring buffer has as many bytes.</summary>
    public const int Pages = 1024;

    public string Kind => IsRing ? "ring" : "perf";

    /// <summary>Bytes that a sample takes in the buffer.</summary>
    public int RecordBytes => IsRing ? (Size + 8 + 7) & ~7 : (Size + 12 + 7) & ~7;

    /// <summary>The producer, for the calls of one process.</summary>
    public BpfObject Producer(string path, int target)
    {
        var spec = BpfObjectSpec.Parse(File.ReadAllBytes(path), "producer");
        spec.SetConstant(
            "setting", new Setting((uint)target, (uint)Size, IsRing ? 1u : 0, WakeEvery == 0 ? 1u << 30 : (uint)WakeEvery));
        return BpfObject.Create(spec);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Setting(uint Target, uint Size, uint UseRing, uint WakeEvery);
}
