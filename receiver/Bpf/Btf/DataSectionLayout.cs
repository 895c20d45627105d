using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Completes what compilers leave open in an object's BTF and the kernel insists on: the size of each data section, and
/// where in it its global variables are.
/// </summary>
internal static class DataSectionLayout
{
    private const uint GlobalLinkage = 1;
    private const uint ExternLinkage = 2;

    /// <returns>A changed copy of the BTF.</returns>
    internal static byte[] Complete(ElfObject elf, ReadOnlyMemory<byte> btf)
    {
        var image = btf.ToArray();
        var types = BtfTypes.Parse(image);
        Dictionary<(int, string), ulong>? symbols = null;
        for (var id = 1u; id < types.Count; id++)
        {
            var layout = types[id];
            if (layout.Kind != BtfKind.DataSection)
                continue;
            if (elf.Find(layout.Name) is { } section)
            {
                symbols ??= GlobalSymbols(elf);
                FromSection(image, types, layout, section, symbols);
            }
            else
            {
                Sequential(image, types, layout);
            }
        }
        return image;
    }

    private static Dictionary<(int, string), ulong> GlobalSymbols(ElfObject elf)
    {
        var symbols = new Dictionary<(int, string), ulong>();
        foreach (var symbol in elf.Symbols)
        {
            if (!symbol.IsLocal && symbol.Type == ElfSymbolType.Object)
                symbols.TryAdd((symbol.Section, symbol.Name), symbol.Value);
        }
        return symbols;
    }

    /// <summary>Static variables have their offset in place; that of global ones is only in the symbol table.</summary>
    private static void FromSection(
        byte[] image, BtfTypes types, BtfType layout, ElfSection section, Dictionary<(int, string), ulong> symbols)
    {
        Write(image, layout.Offset + 8, (uint)section.Size);
        var places = new BtfSectionVariable[layout.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var place = layout.Variable(i);
            var variable = types[place.VariableId];
            if (variable.Kind == BtfKind.Variable && variable.VariableLinkage == GlobalLinkage
                && symbols.TryGetValue((section.Index, variable.Name), out var offset))
            {
                place = place with { Offset = (uint)Math.Min(offset, uint.MaxValue) };
            }
            places[i] = place;
        }
        WriteSorted(image, layout, places);
    }

    /// <summary>
    /// Variables of sections that the kernel is to define (.kconfig, .ksyms) get places one behind the other: those with the largest
    /// alignment
    /// first, then the smaller ones, then by name, so that there is no gap.
    /// </summary>
    private static void Sequential(byte[] image, BtfTypes types, BtfType layout)
    {
        var places = new List<(BtfSectionVariable Variable, uint Alignment, string Name)>(layout.Count);
        for (var i = 0; i < layout.Count; i++)
        {
            var place = layout.Variable(i);
            var variable = types[place.VariableId];
            if (variable.Kind == BtfKind.Variable && variable.VariableLinkage == ExternLinkage)
                Write(image, variable.Offset + 12, GlobalLinkage);
            places.Add((place, variable.Kind == BtfKind.Variable ? BtfResolution.AlignmentOf(types, variable.TargetId) : 1, variable.Name));
        }
        places.Sort(static (a, b) =>
            a.Alignment != b.Alignment ? b.Alignment.CompareTo(a.Alignment)
            : a.Variable.Size != b.Variable.Size ? a.Variable.Size.CompareTo(b.Variable.Size)
            : string.CompareOrdinal(a.Name, b.Name));

        ulong end = 0;
        var placed = new BtfSectionVariable[places.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            var (place, alignment, _) = places[i];
            var start = Math.Min((end + alignment - 1) / alignment * alignment, uint.MaxValue);
            placed[i] = place with { Offset = (uint)start };
            end = Math.Min(start + place.Size, uint.MaxValue);
        }
        Write(image, layout.Offset + 8, (uint)end);
        WriteSorted(image, layout, placed);
    }

    private static void WriteSorted(byte[] image, BtfType layout, BtfSectionVariable[] places)
    {
        Array.Sort(places, static (a, b) => a.Offset.CompareTo(b.Offset));
        for (var i = 0; i < places.Length; i++)
        {
            var at = layout.Offset + 12 + (i * 12);
            Write(image, at, places[i].VariableId);
            Write(image, at + 4, places[i].Offset);
            Write(image, at + 8, places[i].Size);
        }
    }

    private static void Write(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);
}
