using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>Looks for the definitions of a function in one symbol table.</summary>
internal sealed class SymbolSearch(ImageFile file, string symbol)
{
    private const int EntrySize = 24; // Elf64_Sym
    private const int EntriesAtOnce = 2048;
    private const byte Function = 2;
    private const byte IndirectFunction = 10;
    private const byte Weak = 2;
    private readonly SymbolName _name = SymbolName.Parse(symbol);
    private readonly VersionTable _versions = new(file);
    private (FoundSymbol Symbol, int Rank)? _best;
    private bool _ambiguous;

    /// <summary>True if the name is there, but only as something that another file defines.</summary>
    public bool IsImported { get; private set; }

    /// <summary>True if the name is there, but only as a function that picks the real one when the program starts.</summary>
    public bool IsIndirect { get; private set; }

    /// <summary>The best definition in the table; null if there is none.</summary>
    /// <exception cref="BpfException">There are several that are equally good.</exception>
    public FoundSymbol? In(in ImageSection table)
    {
        _best = null;
        _ambiguous = false;
        var names = StringSearch.Find(file, file.LinkedSection(table), _name);
        if (names.Count == 0)
            return null;
        var dynamic = table.Type == ImageSection.DynamicSymbolTable;
        var version = dynamic && _name.Version is not null ? _versions.Find(_name.Version) : 0;
        var buffer = new byte[EntriesAtOnce * EntrySize];
        ulong index = 0;
        for (int read; (read = file.Read(table, index * EntrySize, buffer)) >= EntrySize; index += (ulong)(read / EntrySize))
        {
            for (var i = 0; i < read / EntrySize; i++)
            {
                var entry = buffer.AsSpan(i * EntrySize, EntrySize);
                if (names.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(entry), out var isDefault))
                    Consider(entry, index + (ulong)i, isDefault, dynamic, version);
            }
        }

        return _ambiguous
            ? throw new BpfException($"{file.Path} defines {symbol} more than once; name its version ({symbol}@VERSION).")
            : _best?.Symbol;
    }

    private void Consider(ReadOnlySpan<byte> entry, ulong index, bool isDefault, bool dynamic, int version)
    {
        var type = entry[4] & 0xf;
        if (type != Function && type != IndirectFunction)
            return;
        var address = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]) == 0 || address == 0)
        {
            IsImported = true;
            return;
        }

        if (dynamic)
        {
            var own = _versions.Of(index, out isDefault);
            if (_name.Version is not null && own != version)
                return;
        }

        if (type == IndirectFunction)
        {
            IsIndirect = true;
            return;
        }

        // The default version before others, a strong definition before a weak one.
        var rank = (isDefault ? 2 : 0) + (entry[4] >> 4 == Weak ? 0 : 1);
        if (_best is not { } best || rank > best.Rank)
            (_best, _ambiguous) = ((new(address, BinaryPrimitives.ReadUInt64LittleEndian(entry[16..])), rank), false);
        else if (rank == best.Rank && address != best.Symbol.Address)
            _ambiguous = true;
    }
}
