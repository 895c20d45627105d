using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// An array of programs, into which programs jump (bpf_tail_call). It is a view: the <see cref="BpfMap"/> is what is disposed, and with it
/// the last user of the array the programs go out of it. Thread-safe.
/// </summary>
public sealed class BpfProgramArray
{
    internal BpfProgramArray(BpfMap map)
    {
        map.RequireKind("an array of programs", BpfMapType.ProgramArray);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Puts a program in, in place of the one at that index if there is one.</summary>
    /// <exception cref="BpfSyscallException">
    /// The program is of another kind than the others (EINVAL), or there is no such index (E2BIG).
    /// </exception>
    public void Put(uint index, BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        using var lease = program.Descriptor.Lease();
        var fd = lease.Fd;
        Map.Update(Bytes(in index), MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in fd)));
    }

    /// <summary>The id of the program at an index.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryGetId(uint index, out int id)
    {
        id = 0;
        return Map.TryLookup(Bytes(in index), MemoryMarshal.AsBytes(new Span<int>(ref id)));
    }

    /// <summary>Takes a program out; a jump to it then falls through.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool Delete(uint index) => Map.Delete(Bytes(in index));

    private static ReadOnlySpan<byte> Bytes(in uint index) => MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in index));
}
