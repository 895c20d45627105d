namespace EbpfReceiver.Bpf;

/// <summary>
/// Finds a name in a string table without reading it whole: where it occurs, also as the end of a longer string, since linkers let
/// names share their ends. Symbols are then compared by offset.
/// </summary>
internal static class StringSearch
{
    private const int ChunkSize = 64 << 10;

    /// <summary>More occurrences than this are not a symbol table but an attack.</summary>
    private const int Limit = 1 << 16;

    /// <summary>
    /// Offsets at which the name begins, with whether it is the default version (<c>name</c>, <c>name@@V</c>) or not (<c>name@V</c>).
    /// </summary>
    public static Dictionary<uint, bool> Find(ImageFile file, in ImageSection strings, in SymbolName symbol)
    {
        var found = new Dictionary<uint, bool>();
        var longest = symbol.Name.Length + (symbol.Version?.Length ?? 0) + 3; // "@@" and the terminator
        var buffer = new byte[Math.Max(ChunkSize, 2 * longest)];
        ulong offset = 0;
        while (offset < strings.Size && offset <= uint.MaxValue)
        {
            var read = file.Read(strings, offset, buffer);
            // What begins too near to the end of a chunk is found in the next one.
            var last = offset + (ulong)read >= strings.Size;
            var usable = last ? read : read - longest;
            for (var at = 0; ;)
            {
                var next = buffer.AsSpan(at, read - at).IndexOf(symbol.Name);
                if (next < 0 || at + next >= usable)
                    break;
                at += next;
                if (Ends(buffer.AsSpan(at + symbol.Name.Length, read - at - symbol.Name.Length), symbol.Version, out var isDefault))
                {
                    found[(uint)(offset + (ulong)at)] = isDefault;
                    if (found.Count > Limit)
                        throw file.Malformed("a name occurs in it without end");
                }

                at++;
            }

            if (last)
                break;
            offset += (ulong)usable;
        }

        return found;
    }

    /// <summary>True if the name ends here: with its string, or with a version behind '@' that is the one asked for, if one is.</summary>
    private static bool Ends(ReadOnlySpan<byte> rest, byte[]? version, out bool isDefault)
    {
        isDefault = true;
        if (rest.IsEmpty || rest[0] == 0)
            return true; // tables of dynamic symbols keep the version elsewhere
        if (rest[0] != (byte)'@')
            return false;
        isDefault = rest.Length > 1 && rest[1] == (byte)'@';
        if (version is null)
            return true;
        rest = rest[(isDefault ? 2 : 1)..];
        return rest.StartsWith(version) && (rest.Length == version.Length || rest[version.Length] == 0);
    }
}
