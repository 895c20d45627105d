namespace EbpfReceiver.Bpf;

/// <summary>A map as the object declares it, before there is one in the kernel.</summary>
public sealed class MapSpec
{
    /// <summary>Makes a specification.</summary>
    public MapSpec(string name, BpfMapType type, uint keySize, uint valueSize, uint maxEntries)
    {
        Name = name;
        Type = type;
        KeySize = keySize;
        ValueSize = valueSize;
        MaxEntries = maxEntries;
    }

    /// <summary>Name of the variable in the section <c>.maps</c>, or of the data section itself (<c>.rodata</c>).</summary>
    public string Name { get; }

    /// <summary>Kind of map.</summary>
    public BpfMapType Type { get; }

    /// <summary>Bytes of a key; 0 for maps without keys. May be changed until the map is made.</summary>
    public uint KeySize { get; set; }

    /// <summary>
    /// Bytes of a value (for per-CPU maps: of one CPU's value). May be changed until the map is made: how many frames a stack trace has is
    /// often left to who loads it.
    /// </summary>
    public uint ValueSize { get; set; }

    /// <summary>
    /// Most entries the map holds; may be changed until the map is made. 0 where the object leaves it open, as perf event
    /// arrays do: the loader then takes the number of CPUs.
    /// </summary>
    public uint MaxEntries { get; set; }

    /// <summary>Flags of map creation (<see cref="BpfMapFlags"/>); may be changed until the map is made.</summary>
    public uint Flags { get; set; }

    /// <summary>Type-specific extra (map_extra of bpf_attr, since 5.16); 0 if there is none.</summary>
    public ulong Extra { get; init; }

    /// <summary>NUMA node to allocate on, or null; needs BPF_F_NUMA_NODE (4) among the flags.</summary>
    public uint? NumaNode { get; init; }

    /// <summary>
    /// What the map of a data section starts with, <see cref="ValueSize"/> bytes; null for other maps, and for .bss as long as
    /// all of it is 0.
    /// </summary>
    public byte[]? Contents { get; set; }

    /// <summary>True for .rodata: to be frozen for user space once its contents are written.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Type of the key in the object's BTF; 0 if it is not described.</summary>
    public uint KeyTypeId { get; init; }

    /// <summary>Type of the value in the object's BTF; 0 if it is not described. For data sections, the DATASEC.</summary>
    public uint ValueTypeId { get; init; }

    /// <summary>For arrays and hashes of maps: what the inner maps are like.</summary>
    public MapSpec? Inner { get; init; }

    /// <summary>
    /// For arrays of maps and of programs: what the object puts into it (<c>.values = { [2] = &amp;inner }</c>), by index. Maps are put in
    /// when the object is made, a program when it is loaded.
    /// </summary>
    public IReadOnlyList<MapInitialEntry> InitialEntries { get; init; } = [];

    /// <summary>
    /// Whether the map is made with the object. False, for a kind of map that this kernel lacks, is right if programs that use it test
    /// first:
    /// their instructions that load it are replaced by ones that the verifier refuses if they can be reached.
    /// </summary>
    public bool AutoCreate { get; set; } = true;

    /// <summary>
    /// True if the object wants the map to be one with all others of its name (LIBBPF_PIN_BY_NAME): it is, where the objects are made with
    /// the same <see cref="BpfObjectOptions.PinDirectory"/>.
    /// </summary>
    public bool PinByName { get; set; }

    /// <summary>The same map with another number of entries and other contents.</summary>
    internal MapSpec With(uint maxEntries, byte[]? contents) => new(Name, Type, KeySize, ValueSize, maxEntries)
    {
        Flags = Flags,
        Extra = Extra,
        NumaNode = NumaNode,
        Contents = contents,
        IsReadOnly = IsReadOnly,
        KeyTypeId = KeyTypeId,
        ValueTypeId = ValueTypeId,
        Inner = Inner,
        InitialEntries = InitialEntries,
        PinByName = PinByName,
        AutoCreate = AutoCreate,
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type}, key {KeySize} B, value {ValueSize} B, {MaxEntries} entries";
}
