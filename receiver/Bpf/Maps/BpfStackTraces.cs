using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Stacks by the ids that bpf_get_stackid gave (BPF_MAP_TYPE_STACK_TRACE). It is a view: the <see cref="BpfMap"/> is what is disposed.
/// Thread-safe.
/// </summary>
public sealed class BpfStackTraces
{
    internal BpfStackTraces(BpfMap map)
    {
        map.RequireKind("stacks", BpfMapType.StackTrace);
        if (((uint)map.Flags & (uint)BpfMapFlags.StackBuildId) != 0)
            throw new BpfException($"Map {map.Name} holds build ids in place of addresses: read it as bytes.");
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Most frames of a stack.</summary>
    public int MaxFrames => Map.ValueSize / sizeof(ulong);

    /// <summary>Reads a stack.</summary>
    /// <param name="id">What bpf_get_stackid gave.</param>
    /// <param name="frames">Takes addresses, the innermost first; at least <see cref="MaxFrames"/> long.</param>
    /// <returns>The frames; 0 if there is no such stack (any more).</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public int Read(uint id, Span<ulong> frames)
    {
        if (frames.Length < MaxFrames)
            throw new ArgumentException($"A stack of map {Map.Name} takes {MaxFrames} frames, not {frames.Length}.", nameof(frames));
        if (!Map.TryLookup(Bytes(in id), MemoryMarshal.AsBytes(frames)))
            return 0;
        var end = frames[..MaxFrames].IndexOf(0UL);
        return end < 0 ? MaxFrames : end;
    }

    /// <summary>Deletes a stack, so that its id can be given to another.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool Delete(uint id) => Map.Delete(Bytes(in id));

    private static ReadOnlySpan<byte> Bytes(in uint id) => MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in id));
}
