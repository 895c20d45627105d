using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>Makes a <see cref="BpfObjectSpec"/> of an ELF object: each section goes to the reader of its kind.</summary>
internal static class ObjectReader
{
    private const string SubprogramSection = ".text";

    internal static BpfObjectSpec Read(ElfObject elf, string name)
    {
        try
        {
            return ReadParts(elf, name);
        }
        catch (BpfFormatException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw new BpfFormatException($"{name}: {e.Message}", e);
        }
    }

    private static BpfObjectSpec ReadParts(ElfObject elf, string name)
    {
        var types = ReadTypes(elf);
        var extension = types is not null && elf.Find(".BTF.ext") is { } section
            ? BtfExtension.Parse(elf.IsBigEndian ? ByteOrder.OfExtension(elf.BytesOf(section).Span) : elf.BytesOf(section), types)
            : new BtfExtension();

        var data = DataSections.Read(elf, types);
        var maps = new Dictionary<string, MapSpec>();
        foreach (var map in data.Values)
        {
            if (!maps.TryAdd(map.Name, map))
                throw elf.Malformed($"there are two sections {map.Name}");
        }
        var variables = ObjectVariables.Read(types, maps);
        var declared = MapReader.Read(elf, types);
        foreach (var (_, map) in declared.Maps)
        {
            if (!maps.TryAdd(map.Name, map))
                throw elf.Malformed($"there are two maps {map.Name}");
        }

        var legacy = LegacyMapReader.Read(elf);
        foreach (var (_, _, map) in legacy)
        {
            if (!maps.TryAdd(map.Name, map))
                throw elf.Malformed($"there are two maps {map.Name}");
        }

        var externs = ExternReader.Read(elf, types);
        if (ExternReader.ConfigurationMap(elf, types, externs) is { } configuration && !maps.TryAdd(configuration.Name, configuration))
            throw elf.Malformed($"there are two maps {configuration.Name}");

        var code = ReadCode(elf, extension);
        var symbols = new ObjectSymbols
        {
            Symbols = elf.Symbols,
            SectionNames = Array.ConvertAll(elf.Sections, static s => s.Name),
            Code = code,
            Data = data,
            MapSection = declared.Section,
            LegacyMaps = LegacyPlaces(elf, legacy),
            Externs = externs,
            MapsByOffset = declared.Maps.ToDictionary(static m => m.Offset, static m => m.Map.Name),
        };
        return new(name, ReadLicense(elf), maps, ReadPrograms(elf, code), types, variables, symbols) { IsBigEndian = elf.IsBigEndian };
    }

    private static Dictionary<(int, ulong), string> LegacyPlaces(ElfObject elf, List<(int Section, ulong Offset, MapSpec Map)> maps)
    {
        var places = new Dictionary<(int, ulong), string>();
        foreach (var (section, offset, map) in maps)
        {
            if (!places.TryAdd((section, offset), map.Name))
                throw elf.Malformed($"two maps are at {offset} of one section");
        }
        return places;
    }

    private static BtfTypes? ReadTypes(ElfObject elf) =>
        elf.Find(".BTF") is { } section ? BtfTypes.Parse(DataSectionLayout.Complete(elf, BtfTypes.InOurOrder(elf.BytesOf(section)))) : null;

    private static string ReadLicense(ElfObject elf)
    {
        if (elf.Find("license") is not { } section)
            return "";
        var bytes = elf.BytesOf(section).Span;
        var end = bytes.IndexOf((byte)0);
        // The kernel reads no more than 128 bytes of it.
        return end is >= 0 and < 128 ? Encoding.UTF8.GetString(bytes[..end]) : throw elf.Malformed("the license is not a short string");
    }

    private static Dictionary<int, CodeSection> ReadCode(ElfObject elf, BtfExtension extension)
    {
        var code = new Dictionary<int, CodeSection>();
        foreach (var section in elf.Sections)
        {
            if (!section.IsCode || section.Size == 0)
                continue;
            if (section.Size % 8 != 0)
                throw elf.Malformed($"section {section.Name} has {section.Size} bytes, which are no whole instructions");
            code.Add(section.Index, new()
            {
                Index = section.Index,
                Name = section.Name,
                Code = elf.IsBigEndian ? ByteOrder.OfInstructions(elf.BytesOf(section).Span) : elf.BytesOf(section),
                Relocations = elf.RelocationsOf(section),
                FuncInfo = extension.FunctionsOf(section.Name),
                LineInfo = extension.LinesOf(section.Name),
                CoreRelocations = extension.RelocationsOf(section.Name),
            });
        }
        return code;
    }

    private static List<ProgramSpec> ReadPrograms(ElfObject elf, Dictionary<int, CodeSection> code)
    {
        var entries = new List<ObjectFunction>();
        foreach (var symbol in elf.Symbols)
        {
            if (symbol.Type != ElfSymbolType.Function || !code.TryGetValue(symbol.Section, out var section))
                continue;
            if (symbol.Value % 8 != 0 || symbol.Size % 8 != 0 || symbol.Size == 0
                || symbol.Value > (ulong)section.Code.Length || symbol.Size > (ulong)section.Code.Length - symbol.Value)
            {
                throw elf.Malformed($"the function {symbol.Name} is not a range of whole instructions in section {section.Name}");
            }
            var function = new ObjectFunction(symbol.Name, section, (int)(symbol.Value / 8), (int)(symbol.Size / 8), symbol.IsLocal);
            section.Functions.TryAdd(function.Start, function);
            if (section.Name != SubprogramSection && !symbol.IsLocal)
                entries.Add(function);
        }
        // An object of one function needs no section name: with more of them, those in .text are what others call.
        if (entries.Count == 0 && code.Values.SelectMany(static s => s.Functions.Values).ToArray() is [{ IsStatic: false } only])
            entries.Add(only);
        entries.Sort(static (a, b) => (a.Section.Index, a.Start).CompareTo((b.Section.Index, b.Start)));
        return entries.ConvertAll(static f => new ProgramSpec(f.Name, f.Section.Name, SectionMeaning.Of(f.Section.Name), f));
    }
}
