using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Maps made without an object, of small keys and values.</summary>
internal static class KernelMap
{
    /// <summary>Makes one; skips the test where this process or the kernel can't.</summary>
    public static BpfMap Create(
        BpfMapType type, uint keySize, uint valueSize, uint entries, BpfMapFlags flags = BpfMapFlags.None, MapSpec? inner = null,
            ulong extra = 0)
    {
        KernelAccess.Require();
        var spec = Spec(type, keySize, valueSize, entries, flags, inner, extra);
        try
        {
            return BpfMap.Create(spec);
        }
        catch (BpfSyscallException e) when (e.ErrorName == "EINVAL" && type is BpfMapType.BloomFilter)
        {
            Assert.Skip($"This kernel has no {type}: {e.Message}");
            throw;
        }
    }

    public static MapSpec Spec(
        BpfMapType type, uint keySize, uint valueSize, uint entries, BpfMapFlags flags = BpfMapFlags.None, MapSpec? inner = null,
            ulong extra = 0)
        => new("test", type, keySize, valueSize, entries) { Flags = (uint)flags, Inner = inner, Extra = extra };
}
