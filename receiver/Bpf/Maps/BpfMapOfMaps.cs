using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// An array or a hash of maps with a type for its keys. It keeps the inner maps in the kernel, also when the <see cref="BpfMap"/> that was
/// put in is disposed. It is a view: the outer <see cref="BpfMap"/> is what is disposed. Thread-safe.
/// </summary>
/// <typeparam name="TKey">A struct laid out as the C one; of arrays <see cref="uint"/>.</typeparam>
public sealed class BpfMapOfMaps<TKey>
    where TKey : unmanaged
{
    internal BpfMapOfMaps(BpfMap map)
    {
        map.RequireKind("a map of maps", BpfMapType.ArrayOfMaps, BpfMapType.HashOfMaps);
        map.RequireKeySize<TKey>();
        Map = map;
    }

    /// <summary>The outer map.</summary>
    public BpfMap Map { get; }

    /// <summary>Puts a map in, in place of the one with that key if there is one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="inner">A map of the kind, sizes and flags of the template that the outer one was made by.</param>
    /// <exception cref="BpfSyscallException">
    /// The inner map differs from the template (EINVAL), or the outer one is full (E2BIG).
    /// </exception>
    public void Put(in TKey key, BpfMap inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        using var lease = inner.Descriptor.Lease();
        var fd = lease.Fd;
        Map.Update(Bytes(in key), MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in fd)));
    }

    /// <summary>The id of the map with a key.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryGetId(in TKey key, out int id)
    {
        id = 0;
        return Map.TryLookup(Bytes(in key), MemoryMarshal.AsBytes(new Span<int>(ref id)));
    }

    /// <summary>Opens the map with a key.</summary>
    /// <returns>Null if there is none; else a map of the caller's, to be disposed.</returns>
    /// <exception cref="BpfSyscallException">
    /// It can't be opened by its id, which takes CAP_SYS_ADMIN, or was replaced meanwhile.
    /// </exception>
    public BpfMap? Get(in TKey key) => TryGetId(in key, out var id) ? BpfMap.OpenById(id) : null;

    /// <summary>Takes a map out.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool Delete(in TKey key) => Map.Delete(Bytes(in key));

    private static ReadOnlySpan<byte> Bytes(in TKey key) => MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key));
}
