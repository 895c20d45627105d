using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Makes an object of parts in memory instead of an ELF file: maps, and programs from a <see cref="BpfAssembler"/>. What comes out is
/// linked and loaded as any other.
/// </summary>
public sealed class BpfObjectBuilder
{
    private const int MapSection = 1;
    private const int FirstSection = 2;
    private const int FunctionRecord = 8, LineRecord = 16;

    private readonly string _name;
    private readonly string _license;
    private readonly Dictionary<string, MapSpec> _maps = [];
    private readonly List<(string Name, string Section, AssembledCode Code)> _programs = [];
    private uint _result;
    private uint _context;

    /// <param name="name">Name of the object, for messages.</param>
    /// <param name="license">License it declares.</param>
    public BpfObjectBuilder(string name, string license)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
        _license = license;
    }

    /// <summary>The object's types; map specifications refer to them by id.</summary>
    public BtfEncoder Types { get; } = new();

    /// <summary>Adds a map.</summary>
    /// <exception cref="BpfException">There is one of that name.</exception>
    public void Add(MapSpec map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!_maps.TryAdd(map.Name, map))
            throw new BpfException($"{_name} has two maps {map.Name}.");
    }

    /// <summary>Adds a program.</summary>
    /// <param name="name">Name: letters, digits, underscores; the kernel keeps 15 characters.</param>
    /// <param name="section">What it is and attaches to, as the section names of BPF C say it: <c>tp_btf/sched_switch</c>.</param>
    /// <param name="code">Its instructions.</param>
    public void Add(string name, string section, AssembledCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        _programs.Add((name, section, code));
    }

    /// <summary>The object.</summary>
    /// <exception cref="BpfException">A program names a map that was not added.</exception>
    public BpfObjectSpec Build()
    {
        _result = Types.Integer("int", 4, true);
        _context = Types.Pointer(0);
        var mapIndex = new Dictionary<string, int>();
        var symbols = new List<ElfSymbol>();
        var offsets = new Dictionary<ulong, string>();
        var data = new Dictionary<int, MapSpec>();
        foreach (var map in _maps.Values)
        {
            // Two symbols for each map: one for the map itself, one for the values of an array.
            mapIndex.Add(map.Name, symbols.Count);
            offsets.Add((ulong)symbols.Count, map.Name);
            symbols.Add(new(map.Name, ElfSymbolType.Object, 1, MapSection, (ulong)symbols.Count, 0));
            data.Add(FirstSection + data.Count, map);
            symbols.Add(new(map.Name, ElfSymbolType.Object, 1, FirstSection + data.Count - 1, 0, map.ValueSize));
        }

        var code = new Dictionary<int, CodeSection>();
        var programs = new List<ProgramSpec>();
        foreach (var (name, section, assembled) in _programs)
        {
            var part = Section(name, section, assembled, FirstSection + data.Count + code.Count, mapIndex);
            code.Add(part.Index, part);
            var function = new ObjectFunction(name, part, 0, assembled.Count, false);
            part.Functions.Add(0, function);
            programs.Add(new(name, section, SectionMeaning.Of(section), function));
        }

        var types = Types.Build();
        return new(_name, _license, _maps, programs, types, ObjectVariables.Read(null, _maps), new()
        {
            Symbols = [.. symbols],
            SectionNames = [],
            Code = code,
            Data = data,
            MapSection = MapSection,
            MapsByOffset = offsets,
        });
    }

    private CodeSection Section(string name, string section, AssembledCode code, int index, Dictionary<string, int> maps)
    {
        var bytes = code.Instructions.ToArray();
        var relocations = new ElfRelocation[code.Maps.Count];
        for (var i = 0; i < relocations.Length; i++)
        {
            var map = code.Maps[i];
            if (!maps.TryGetValue(map.MapName, out var symbol))
                throw new BpfException($"Program {name} of {_name} uses map {map.MapName}, which the object does not have.");
            if (map.ValueOffset >= 0)
            {
                symbol++;
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(map.InstructionIndex * BpfInstruction.Size + 4), map.ValueOffset);
            }
            relocations[i] = new((ulong)map.InstructionIndex * BpfInstruction.Size, ElfRelocation.Address64, symbol);
        }
        return new()
        {
            Index = index,
            Name = section,
            Code = bytes,
            Relocations = relocations,
            FuncInfo = Function(name),
            LineInfo = Lines(code),
            CoreRelocations = InfoTable.Empty,
        };
    }

    private InfoTable Function(string name)
    {
        var record = new byte[FunctionRecord];
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Types.Function(name, _result, ("ctx", _context)));
        return new(record, FunctionRecord, [(0, 0)]);
    }

    private InfoTable Lines(AssembledCode code)
    {
        var records = new byte[code.Lines.Count * LineRecord];
        var places = new (uint, int)[code.Lines.Count];
        for (var i = 0; i < places.Length; i++)
        {
            var line = code.Lines[i];
            var record = records.AsSpan(i * LineRecord, LineRecord);
            BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)line.Instruction * BpfInstruction.Size);
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Types.String(line.File));
            BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Types.String(line.Text));
            // The line's number takes the upper 22 bits and the column the lower 10.
            BinaryPrimitives.WriteUInt32LittleEndian(record[12..], ((uint)line.Line << 10) | (uint)Math.Clamp(line.Column, 0, 1023));
            places[i] = ((uint)line.Instruction * BpfInstruction.Size, i * LineRecord);
        }
        return places.Length == 0 ? InfoTable.Empty : new(records, LineRecord, places);
    }
}
