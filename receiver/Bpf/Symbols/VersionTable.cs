using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>The versions of dynamic symbols: .gnu.version and .gnu.version_d (LSB Core, symbol versioning).</summary>
internal sealed class VersionTable
{
    private const ushort Hidden = 0x8000;
    private const int LargestDefinitions = 1 << 20;
    private readonly ImageFile _file;
    private readonly ImageSection? _symbols;
    private readonly ImageSection? _definitions;

    public VersionTable(ImageFile file)
    {
        _file = file;
        foreach (var section in file.Sections)
        {
            if (section.Type == ImageSection.SymbolVersions)
                _symbols = section;
            else if (section.Type == ImageSection.VersionDefinitions)
                _definitions = section;
        }
    }

    /// <summary>The version of a dynamic symbol by its index.</summary>
    /// <param name="symbol">Index in the table of dynamic symbols.</param>
    /// <param name="isDefault">False for a version that is only there for programs linked long ago.</param>
    /// <returns>Number of the version; 0 or 1 for none.</returns>
    public int Of(ulong symbol, out bool isDefault)
    {
        isDefault = true;
        if (_symbols is not { } section)
            return 0;
        Span<byte> entry = stackalloc byte[2];
        if (_file.Read(section, symbol * 2, entry) < 2)
            return 0;
        var version = BinaryPrimitives.ReadUInt16LittleEndian(entry);
        isDefault = (version & Hidden) == 0;
        return version & ~Hidden;
    }

    /// <summary>The number of a version by its name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (_definitions is not { } section)
            return -1;
        if (section.Size > LargestDefinitions)
            throw _file.Malformed("its version definitions are too large");
        var bytes = new byte[section.Size];
        _file.Read(section, 0, bytes);
        var strings = _file.LinkedSection(section);
        var text = new byte[name.Length + 1];
        // Each entry says how far away the next one is; forward only, so it ends.
        for (ulong at = 0; at + 20 <= (ulong)bytes.Length;)
        {
            var definition = bytes.AsSpan((int)at);
            var auxiliary = at + BinaryPrimitives.ReadUInt32LittleEndian(definition[12..]);
            if (auxiliary + 8 <= (ulong)bytes.Length)
            {
                var offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)auxiliary));
                var read = _file.Read(strings, offset, text);
                if (read > name.Length && text.AsSpan(0, name.Length).SequenceEqual(name) && text[name.Length] == 0)
                    return BinaryPrimitives.ReadUInt16LittleEndian(definition[4..]);
            }

            var next = BinaryPrimitives.ReadUInt32LittleEndian(definition[16..]);
            if (next == 0)
                break;
            at += next;
        }

        return -1;
    }
}
