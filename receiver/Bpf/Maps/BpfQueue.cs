using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A queue (first in, first out) or a stack (last in, first out) with a type for its values. It is a view: the <see cref="BpfMap"/> is what
/// is disposed. Thread-safe. Linux 4.20.
/// </summary>
/// <typeparam name="TValue">A struct laid out as the C one, padding included.</typeparam>
public sealed class BpfQueue<TValue>
    where TValue : unmanaged
{
    private const ulong Replace = 2; // BPF_EXIST: the oldest makes room

    internal BpfQueue(BpfMap map)
    {
        map.RequireKind("a queue", BpfMapType.Queue, BpfMapType.Stack);
        map.RequireValueSize<TValue>();
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Puts a value in.</summary>
    /// <returns>False if the map is full.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryPush(in TValue value)
    {
        var result = Map.Write([], MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value)), 0);
        return result >= 0 || (Interop.Syscall.ErrorOf(result) == Interop.Errno.E2BIG
            ? false
            : throw MapTrouble.Of(Map, Interop.BpfCommand.MapUpdateElement, result));
    }

    /// <summary>Puts a value in; if the map is full, the oldest one goes.</summary>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public void Push(in TValue value)
    {
        var result = Map.Write([], MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value)), Replace);
        if (result < 0)
            throw MapTrouble.Of(Map, Interop.BpfCommand.MapUpdateElement, result);
    }

    /// <summary>Takes the next value out.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryPop(out TValue value)
    {
        value = default;
        return Map.TryTake([], MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <summary>Looks at the next value.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryPeek(out TValue value)
    {
        value = default;
        return Map.TryLookup([], MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }
}
