using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

public sealed unsafe partial class BpfMap
{
    private const ulong NoExist = 1; // BPF_NOEXIST
    private const ulong Exist = 2; // BPF_EXIST

    /// <summary>Looks an entry up.</summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <param name="value">Takes <see cref="EntryBytes"/> bytes.</param>
    /// <returns>False if there is no such entry.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryLookup(ReadOnlySpan<byte> key, Span<byte> value) => TryRead(BpfCommand.MapLookupElement, key, value);

    /// <summary>Makes an entry or replaces its value.</summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <param name="value"><see cref="EntryBytes"/> bytes.</param>
    /// <exception cref="BpfSyscallException">The map is full (E2BIG, ENOSPC), frozen (EPERM), or has no such index (E2BIG).</exception>
    public void Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var result = Write(key, value, 0);
        if (result < 0)
            throw MapTrouble.Of(this, BpfCommand.MapUpdateElement, result);
    }

    /// <summary>Makes an entry unless there is one (BPF_NOEXIST).</summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <param name="value"><see cref="EntryBytes"/> bytes.</param>
    /// <returns>False if there is one; arrays have all of theirs from the beginning.</returns>
    /// <exception cref="BpfSyscallException">The map is full (E2BIG, ENOSPC) or frozen (EPERM).</exception>
    public bool TryAdd(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var result = Write(key, value, NoExist);
        return result >= 0 || (Syscall.ErrorOf(result) == Errno.EEXIST
            ? false
            : throw MapTrouble.Of(this, BpfCommand.MapUpdateElement, result));
    }

    /// <summary>Replaces the value of an entry (BPF_EXIST).</summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <param name="value"><see cref="EntryBytes"/> bytes.</param>
    /// <returns>False if there is no such entry.</returns>
    /// <exception cref="BpfSyscallException">The map is frozen (EPERM), or has no such index (E2BIG).</exception>
    public bool TryReplace(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var result = Write(key, value, Exist);
        return result >= 0 || (IsMissing(result) ? false : throw MapTrouble.Of(this, BpfCommand.MapUpdateElement, result));
    }

    /// <summary>Deletes an entry.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it, as arrays don't (EINVAL).</exception>
    public bool Delete(ReadOnlySpan<byte> key)
    {
        CheckKey(key);
        fixed (byte* k = key)
        {
            var result = Element(BpfCommand.MapDeleteElement, k, null, 0);
            return result >= 0 || (IsMissing(result) ? false : throw MapTrouble.Of(this, BpfCommand.MapDeleteElement, result));
        }
    }

    /// <summary>
    /// Takes an entry out: of queues and stacks (with an empty key), of hashes in one step since Linux 5.14. Where the kernel has no such
    /// step, the entry is read and then deleted, and what a program adds to its value in between is lost.
    /// </summary>
    /// <param name="key"><see cref="KeySize"/> bytes.</param>
    /// <param name="value">Takes <see cref="EntryBytes"/> bytes.</param>
    /// <returns>False if there is no such entry.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryTake(ReadOnlySpan<byte> key, Span<byte> value)
    {
        const BpfCommand command = BpfCommand.MapLookupAndDeleteElement;
        if (MapAbilities.Has(command, Type))
        {
            CheckKey(key);
            CheckRoom(value);
            fixed (byte* k = key, v = value)
            {
                var result = Element(command, k, v, 0);
                if (result >= 0 || IsMissing(result))
                    return result >= 0;
                if (KeySize == 0 || !MapAbilities.Lacks(command, Type, result))
                    throw MapTrouble.Of(this, command, result);
            }
        }

        return TryLookup(key, value) && Delete(key);
    }

    /// <summary>One BPF_MAP_*_ELEM or BPF_MAP_GET_NEXT_KEY; the result is not negative, or minus the errno.</summary>
    internal long Element(BpfCommand command, byte* key, byte* value, ulong flags)
    {
        using var lease = _descriptor.Lease();
        var attribute = new MapElementAttribute { MapFd = (uint)lease.Fd, Key = (ulong)key, Value = (ulong)value, Flags = flags };
        return BpfSyscall.Call(command, ref attribute);
    }

    internal bool TryRead(BpfCommand command, ReadOnlySpan<byte> key, Span<byte> value)
    {
        CheckKey(key);
        CheckRoom(value);
        fixed (byte* k = key, v = value)
        {
            var result = Element(command, k, v, 0);
            return result >= 0 || (IsMissing(result) ? false : throw MapTrouble.Of(this, command, result));
        }
    }

    /// <summary>An update with flags; the result is not negative, or minus the errno.</summary>
    internal long Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        CheckKey(key);
        if (value.Length != EntryBytes)
            throw new ArgumentException($"A value of map {Name} has {EntryBytes} bytes, not {value.Length}.", nameof(value));
        fixed (byte* k = key, v = value)
            return Element(BpfCommand.MapUpdateElement, k, v, flags);
    }

    private static bool IsMissing(long result) => Syscall.ErrorOf(result) == Errno.ENOENT;

    private void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeySize)
            throw new ArgumentException($"A key of map {Name} has {KeySize} bytes, not {key.Length}.", nameof(key));
    }

    private void CheckRoom(Span<byte> value)
    {
        if (value.Length < EntryBytes)
            throw new ArgumentException($"A value of map {Name} takes {EntryBytes} bytes, not {value.Length}.", nameof(value));
    }
}
