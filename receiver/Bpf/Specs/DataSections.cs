namespace EbpfReceiver.Bpf;

/// <summary>Global variables live in maps of one entry: one array map a data section.</summary>
internal static class DataSections
{
    internal const uint ReadOnlyForPrograms = 1 << 7; // BPF_F_RDONLY_PROG

    internal static Dictionary<int, MapSpec> Read(ElfObject elf, BtfTypes? types)
    {
        var maps = new Dictionary<int, MapSpec>();
        foreach (var section in elf.Sections)
        {
            var readOnly = Is(section.Name, ".rodata");
            if ((!readOnly && !Is(section.Name, ".data") && !Is(section.Name, ".bss")) || section.Size == 0)
                continue;
            if (section.Type is not (ElfSectionType.ProgramBits or ElfSectionType.NoBits))
                continue;
            var typeId = 0u;
            types?.TryFind(section.Name, BtfKind.DataSection, out typeId);
            maps.Add(section.Index, new(section.Name, BpfMapType.Array, sizeof(uint), (uint)section.Size, 1)
            {
                Flags = readOnly ? ReadOnlyForPrograms : 0,
                IsReadOnly = readOnly,
                Contents = section.HasBytes ? elf.BytesOf(section).ToArray() : null,
                ValueTypeId = typeId,
            });
        }
        return maps;
    }

    /// <summary>True for the section and its variants (<c>.rodata.str1.1</c>).</summary>
    private static bool Is(string section, string name) =>
        section.StartsWith(name, StringComparison.Ordinal) && (section.Length == name.Length || section[name.Length] == '.');
}
