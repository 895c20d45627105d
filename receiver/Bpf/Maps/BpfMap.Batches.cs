using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

public sealed unsafe partial class BpfMap
{
    /// <summary>
    /// Reads the next entries: with one system call where the kernel has batches for this kind of map, else key by key. Each entry
    /// that is there all the time is seen; one that comes or goes meanwhile may be seen, or, in a map that is walked key by key, make
    /// others be seen twice. It always comes to an end.
    /// </summary>
    /// <param name="cursor">Where to go on; <see cref="BpfMapCursor.IsAtEnd"/> afterwards says whether that was all.</param>
    /// <param name="keys">Takes <see cref="KeySize"/> bytes an entry.</param>
    /// <param name="values">Takes <see cref="EntryBytes"/> bytes an entry.</param>
    /// <returns>The entries read; possibly 0 before the end is reached.</returns>
    /// <exception cref="BpfSyscallException">
    /// The map can't be read; ENOSPC if a bucket of a hash has more entries than there is room for, which a few more allow.
    /// </exception>
    public int LookupBatch(BpfMapCursor cursor, Span<byte> keys, Span<byte> values)
        => ReadBatch(BpfCommand.MapLookupBatch, cursor, keys, values) is >= 0 and var count
            ? count
            : throw MapTrouble.Of(this, BpfCommand.MapLookupBatch, -(long)Errno.ENOSPC);

    /// <summary>
    /// Takes the next entries out (<see cref="TryTake"/> says what that means where the kernel has no such operation); otherwise
    /// as <see cref="LookupBatch"/>.
    /// </summary>
    /// <exception cref="BpfSyscallException">The map can't be read, or its entries can't be deleted.</exception>
    public int TakeBatch(BpfMapCursor cursor, Span<byte> keys, Span<byte> values)
        => ReadBatch(BpfCommand.MapLookupAndDeleteBatch, cursor, keys, values) is >= 0 and var count
            ? count
            : throw MapTrouble.Of(this, BpfCommand.MapLookupAndDeleteBatch, -(long)Errno.ENOSPC);

    /// <summary>Makes or replaces many entries.</summary>
    /// <param name="keys"><see cref="KeySize"/> bytes an entry.</param>
    /// <param name="values"><see cref="EntryBytes"/> bytes an entry, as many as there are keys.</param>
    /// <exception cref="BpfSyscallException">One of them can't be; those before it are.</exception>
    public void UpdateBatch(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values)
    {
        var count = CountOf(keys);
        if ((long)count * EntryBytes != values.Length)
            throw new ArgumentException($"{count} values of map {Name} have {(long)count * EntryBytes} bytes, not {values.Length}.",
                nameof(values));
        for (var done = 0; done < count;)
        {
            var result = WriteBatch(BpfCommand.MapUpdateBatch, keys[(done * KeySize)..], values[(done * EntryBytes)..], count - done,
                out var written);
            done += written;
            if (result >= 0)
                return;
            if (!MapAbilities.Lacks(BpfCommand.MapUpdateBatch, Type, result))
                throw MapTrouble.Of(this, BpfCommand.MapUpdateBatch, result);
            for (; done < count; done++)
                Update(keys.Slice(done * KeySize, KeySize), values.Slice(done * EntryBytes, EntryBytes));
        }
    }

    /// <summary>Deletes many entries.</summary>
    /// <param name="keys"><see cref="KeySize"/> bytes an entry.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public int DeleteBatch(ReadOnlySpan<byte> keys)
    {
        var count = CountOf(keys);
        var deleted = 0;
        for (var done = 0; done < count;)
        {
            var result = WriteBatch(BpfCommand.MapDeleteBatch, keys[(done * KeySize)..], default, count - done, out var gone);
            done += gone;
            deleted += gone;
            if (result >= 0)
                return deleted;
            if (IsMissing(result))
            {
                done++; // the kernel stops at the first key that is not there
                continue;
            }

            if (!MapAbilities.Lacks(BpfCommand.MapDeleteBatch, Type, result))
                throw MapTrouble.Of(this, BpfCommand.MapDeleteBatch, result);
            for (; done < count; done++)
                deleted += Delete(keys.Slice(done * KeySize, KeySize)) ? 1 : 0;
        }

        return deleted;
    }

    /// <summary>The entries read, or -1 if a bucket has more entries than there is room for.</summary>
    internal int ReadBatch(BpfCommand command, BpfMapCursor cursor, Span<byte> keys, Span<byte> values)
    {
        ArgumentNullException.ThrowIfNull(cursor);
        if (!ReferenceEquals(cursor.Map, this))
            throw new ArgumentException($"The cursor belongs to map {cursor.Map.Name}, not to {Name}.", nameof(cursor));
        if (KeySize == 0)
            throw new BpfException($"Map {Name} has no keys, so it can't be read in batches.");
        var room = Math.Min(keys.Length / KeySize, values.Length / Math.Max(EntryBytes, 1));
        ArgumentOutOfRangeException.ThrowIfZero(room, nameof(keys));
        if (cursor.IsAtEnd)
            return 0;
        if (!cursor.WalksKeys)
        {
            if (MapAbilities.Has(command, Type))
            {
                var result = ReadInKernel(command, cursor, keys, values, room, out var count);
                if (result >= 0 || IsMissing(result))
                    return Advance(cursor, count, ended: result < 0);
                switch (Syscall.ErrorOf(result))
                {
                    case Errno.ENOSPC:
                        return -1;
                    case Errno.EAGAIN or Errno.EINTR: // the entry it was at went away: from the same position again
                        return Advance(cursor, 0, ended: false);
                }

                if (cursor.IsStarted || !MapAbilities.Lacks(command, Type, result))
                    throw MapTrouble.Of(this, command, result);
            }

            cursor.WalksKeys = true;
        }

        return Walk(cursor, keys, values, room, take: command == BpfCommand.MapLookupAndDeleteBatch);
    }

    private static int Advance(BpfMapCursor cursor, int count, bool ended)
    {
        if (count > 0)
        {
            cursor.Positions.AsSpan(cursor.Size).CopyTo(cursor.Positions);
            cursor.IsStarted = true;
        }

        cursor.Left -= count + 1; // also ends a map that keeps changing under the reader
        cursor.IsAtEnd = ended || cursor.Left < 0;
        return count;
    }

    private long ReadInKernel(BpfCommand command, BpfMapCursor cursor, Span<byte> keys, Span<byte> values, int room, out int count)
    {
        using var lease = _descriptor.Lease();
        fixed (byte* k = keys, v = values, positions = cursor.Positions)
        {
            var attribute = new MapBatchAttribute
            {
                InBatch = cursor.IsStarted ? (ulong)positions : 0,
                OutBatch = (ulong)(positions + cursor.Size),
                Keys = (ulong)k,
                Values = (ulong)v,
                Count = (uint)room,
                MapFd = (uint)lease.Fd,
            };
            var result = BpfSyscall.Call(command, ref attribute);
            count = result >= 0 || IsMissing(result) ? (int)Math.Min(attribute.Count, (uint)room) : 0;
            return result;
        }
    }

    private long WriteBatch(BpfCommand command, ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, int count, out int done)
    {
        done = 0;
        if (!MapAbilities.Has(command, Type))
            return -(long)Errno.ENOTSUPP;
        using var lease = _descriptor.Lease();
        fixed (byte* k = keys, v = values)
        {
            var attribute = new MapBatchAttribute { Keys = (ulong)k, Values = (ulong)v, Count = (uint)count, MapFd = (uint)lease.Fd };
            var result = BpfSyscall.Call(command, ref attribute);
            // Written on success and where it stopped; a kernel that refuses the call leaves what was asked for.
            done = result >= 0 || attribute.Count < (uint)count ? (int)Math.Min(attribute.Count, (uint)count) : 0;
            return result;
        }
    }

    /// <summary>
    /// Reads key by key. The key after an entry is asked for before the entry is read or taken, since the kernel starts again from the
    /// first
    /// when the one it is given is gone.
    /// </summary>
    private int Walk(BpfMapCursor cursor, Span<byte> keys, Span<byte> values, int room, bool take)
    {
        var count = 0;
        fixed (byte* current = cursor.Positions)
        {
            var next = current + cursor.Size;
            if (!cursor.IsStarted)
            {
                cursor.IsAtEnd = !NextKey(null, current);
                cursor.IsStarted = true;
            }

            while (count < room && !cursor.IsAtEnd)
            {
                var hasNext = NextKey(current, next);
                var key = new ReadOnlySpan<byte>(current, KeySize);
                var value = values.Slice(count * EntryBytes, EntryBytes);
                if (take ? TryTake(key, value) : TryLookup(key, value))
                {
                    key.CopyTo(keys[(count * KeySize)..]);
                    count++;
                }

                new ReadOnlySpan<byte>(next, KeySize).CopyTo(new Span<byte>(current, KeySize));
                cursor.IsAtEnd = !hasNext || --cursor.Left < 0;
            }
        }

        return count;
    }

    private bool NextKey(byte* key, byte* next)
    {
        var result = Element(BpfCommand.MapGetNextKey, key, next, 0);
        return result >= 0 || (IsMissing(result) ? false : throw MapTrouble.Of(this, BpfCommand.MapGetNextKey, result));
    }

    private int CountOf(ReadOnlySpan<byte> keys)
    {
        if (KeySize == 0)
            throw new BpfException($"Map {Name} has no keys, so it can't be changed in batches.");
        return keys.Length % KeySize == 0
            ? keys.Length / KeySize
            : throw new ArgumentException($"The keys of map {Name} have {KeySize} bytes each, and {keys.Length} is no multiple of that.",
                nameof(keys));
    }
}
