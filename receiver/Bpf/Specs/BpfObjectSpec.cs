using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// What a compiled BPF object (ELF) holds: maps, programs, global variables and types. Reading it needs no kernel and gives
/// the same on every machine. Sizes of maps and values of variables can be changed until the object is created.
/// </summary>
public sealed class BpfObjectSpec
{
    private readonly Dictionary<string, ProgramSpec> _programs;
    private readonly ObjectVariables _variables;

    internal BpfObjectSpec(
        string name, string license, Dictionary<string, MapSpec> maps, List<ProgramSpec> programs, BtfTypes? types,
        ObjectVariables variables, ObjectSymbols symbols)
    {
        Name = name;
        License = license;
        Maps = maps;
        Programs = programs;
        Types = types;
        Symbols = symbols;
        _variables = variables;
        _programs = new(programs.Count);
        foreach (var program in programs)
            _programs.TryAdd(program.Name, program);
    }

    /// <summary>Name of the object, for messages.</summary>
    public string Name { get; }

    /// <summary>
    /// The license it declares in the section <c>license</c>, empty if it declares none; may be changed until a program is loaded. The
    /// kernel keeps some helpers for programs under the GPL.
    /// </summary>
    public string License { get; set; }

    /// <summary>Maps by name: those of the section <c>.maps</c>, and the sections .rodata, .data and .bss by their own names.</summary>
    public IReadOnlyDictionary<string, MapSpec> Maps { get; }

    /// <summary>Entry programs in the order of the file; subprograms are linked into whatever calls them.</summary>
    public IReadOnlyList<ProgramSpec> Programs { get; }

    /// <summary>
    /// The object's own BTF, with sizes and offsets of data sections filled in as the kernel wants them; null if it was
    /// compiled without -g.
    /// </summary>
    public BtfTypes? Types { get; }

    /// <summary>What the programs expect the kernel to define: configuration values, symbols, functions.</summary>
    public IReadOnlyCollection<ExternSpec> Externs => Symbols.Externs.Values.ToArray();

    /// <summary>
    /// True for objects of big-endian machines: they can be looked at, with instructions turned to the order of bytes of this machine,
    /// but not
    /// be loaded.
    /// </summary>
    public bool IsBigEndian { get; internal init; }

    internal ObjectSymbols Symbols { get; }

    /// <summary>Reads an object.</summary>
    /// <param name="image">The ELF file; it is kept and must not change.</param>
    /// <param name="name">A name for messages.</param>
    /// <exception cref="BpfFormatException">The object is malformed, or uses something that is not supported.</exception>
    public static BpfObjectSpec Parse(ReadOnlyMemory<byte> image, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ObjectReader.Read(ElfObject.Parse(image, name), name);
    }

    /// <summary>An entry program by its name.</summary>
    /// <exception cref="BpfException">There is no such program; the message names those there are.</exception>
    public ProgramSpec Program(string name) =>
        _programs.TryGetValue(name, out var program)
            ? program
            : throw new BpfException($"{Name} has no program {name}; it has {ObjectVariables.List(_programs.Keys)}.");

    /// <summary>Sets the first value of a global variable; for <c>const volatile</c> ones the verifier then takes it as known.</summary>
    /// <param name="variable">Name in C.</param>
    /// <param name="value">The value, of exactly the variable's size.</param>
    /// <exception cref="BpfException">There is no such variable (the message names those there are), or its size differs.</exception>
    public void SetConstant<T>(string variable, T value) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(variable);
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref value)).CopyTo(_variables.BytesOf(Name, variable, Unsafe.SizeOf<T>()));
    }
}
