namespace EbpfReceiver.Bpf;

/// <summary>
/// The instruction that a site is attached at. Newer headers put a nop of five bytes behind that of one: a kernel with uprobe(2) turns it
/// into a call in place of a breakpoint, which costs less than half; others would have to emulate it.
/// </summary>
internal static class UsdtInstruction
{
    private static ReadOnlySpan<byte> NopAndLongNop => [0x90, 0x0f, 0x1f, 0x44, 0x00, 0x00];

    public static ulong[] Offsets(string path, IReadOnlyList<UsdtSite> sites)
        => Offsets(path, sites, KernelFeatures.Probe(KernelFeature.UprobeCall).IsAvailable);

    internal static ulong[] Offsets(string path, IReadOnlyList<UsdtSite> sites, bool hasCall)
    {
        var offsets = new ulong[sites.Count];
        using var file = hasCall ? ImageFile.Open(path) : null;
        Span<byte> code = stackalloc byte[NopAndLongNop.Length];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = sites[i].FileOffset;
            if (file is { Machine: (ushort)UsdtArchitecture.X64 } && file.ReadFile(offsets[i], code) == code.Length
                && code.SequenceEqual(NopAndLongNop))
                offsets[i]++;
        }

        return offsets;
    }
}
