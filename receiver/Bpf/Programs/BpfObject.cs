using System.Numerics;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// An object in the kernel: its maps are made at once, its programs when they are asked for. Disposing it closes both; a program that a
/// <see cref="BpfLink"/> still uses stays until that is disposed. Thread-safe.
/// </summary>
public sealed class BpfObject : IDisposable
{
    private BpfObjectOptions _options;
    private readonly Dictionary<string, BpfMap> _maps = [];
    private readonly List<BpfMap> _ownMaps = [];
    private readonly Dictionary<string, BpfProgram> _programs = [];
    private readonly Dictionary<string, Lock> _gates = []; // one a program
    private readonly Lock _gate = new();
    private readonly Lazy<UsdtSpecifications?> _usdt;
    private Lazy<BtfTypes?> _kernelTypes;
    private Lazy<IReadOnlyList<ModuleTypes>> _modules;
    private FileDescriptor? _types;
    private bool _disposed;

    private BpfObject(BpfObjectSpec spec, BpfObjectOptions options)
    {
        Spec = spec;
        _options = options;
        // Nothing here may hold on to the options: they have the kernel's types, which are to be let go.
        _usdt = new(() => UsdtSpecifications.Of(this));
        _kernelTypes = new(() => _options.KernelTypes ?? ReadKernelTypes());
        _modules = new(ReadModules);
    }

    /// <summary>What it was made from.</summary>
    public BpfObjectSpec Spec { get; }

    /// <summary>
    /// Why the kernel did not take the object's types, or null. Programs load without them, but the kernel can't name their functions and
    /// source lines.
    /// </summary>
    public string? TypesProblem { get; private set; }

    /// <summary>The maps by name, shared ones among them.</summary>
    public IReadOnlyDictionary<string, BpfMap> Maps => _maps;

    /// <summary>Makes the maps of an object, fills and freezes its read-only data. Loads no program.</summary>
    /// <exception cref="BpfException">A map can't be made, or a shared one does not fit; what was made is closed again.</exception>
    public static BpfObject Create(BpfObjectSpec spec, BpfObjectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (spec.IsBigEndian)
            throw new BpfException(
                $"{spec.Name} was compiled for big-endian machines, and this one is little-endian; compile it with -target bpfel.");
        var result = new BpfObject(spec, options ?? new BpfObjectOptions());
        try
        {
            result.LoadTypes();
            foreach (var map in spec.Maps.Values)
            {
                if (map.AutoCreate)
                    result.AddMap(map);
            }
            result.FillMapsOfMaps();
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>A map by its name.</summary>
    /// <exception cref="BpfException">There is none; the message names those there are.</exception>
    public BpfMap Map(string name) => _maps.TryGetValue(name, out var map)
        ? map
        : throw new BpfException($"{Spec.Name} has no map {name}; it has {string.Join(", ", _maps.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>Lets go of the kernel's types, which take megabytes; a program that is loaded later reads them again.</summary>
    public void ForgetKernelTypes()
    {
        _kernelTypes = new(ReadKernelTypes);
        _modules = new(ReadModules);
        _options = _options with { KernelTypes = null };
    }

    /// <summary>Links a program with the types of the kernel and loads it; the second time, gives the same.</summary>
    /// <param name="program">Name of the program.</param>
    /// <exception cref="BpfLoadException">The kernel refuses it, or lacks what it is to be attached to.</exception>
    /// <exception cref="BpfRelocationException">It can't be linked.</exception>
    /// <exception cref="BpfException">There is no such program.</exception>
    public BpfProgram Load(string program)
    {
        // The kernel takes milliseconds to check a large program, on one processor: different programs are loaded at the same time.
        lock (GateOf(program))
        {
            if (FindLoaded(program) is { } known)
                return known;
            var loaded = Load(Spec.Program(program));
            lock (_gate)
            {
                if (_disposed)
                    loaded.Dispose();
                ObjectDisposedException.ThrowIf(_disposed, this);
                _programs[program] = loaded;
                PutIntoArrays(loaded);
                return loaded;
            }
        }
    }

    /// <summary>Loads each program that is to be loaded (<see cref="ProgramSpec.AutoLoad"/>), in the order of the object.</summary>
    /// <returns>The loaded programs.</returns>
    /// <exception cref="BpfLoadException">The kernel refuses one, or lacks what it is to be attached to.</exception>
    /// <exception cref="BpfRelocationException">One can't be linked.</exception>
    public IReadOnlyList<BpfProgram> LoadAll()
    {
        var programs = new List<BpfProgram>();
        foreach (var program in Spec.Programs)
        {
            if (program.AutoLoad)
                programs.Add(Load(program.Name));
        }

        return programs;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var program in _programs.Values)
                program.Dispose();
            foreach (var map in _ownMaps)
                map.Dispose();
            _types?.Dispose();
        }
    }

    private Lock GateOf(string program)
    {
        lock (_gate)
        {
            if (!_gates.TryGetValue(program, out var gate))
                _gates.Add(program, gate = new());
            return gate;
        }
    }

    private BpfProgram? FindLoaded(string program)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _programs.TryGetValue(program, out var loaded) && !loaded.IsDisposed ? loaded : null;
        }
    }

    private void LoadTypes()
    {
        if (Spec.Types is null)
            TypesProblem = $"{Spec.Name} has no BTF: it was compiled without -g.";
        else
            _types = ObjectTypes.Load(Spec.Types, out var problem) is { } descriptor ? descriptor : Refused(problem);

        FileDescriptor? Refused(string? problem)
        {
            TypesProblem = problem;
            return null;
        }
    }

    private void AddMap(MapSpec spec)
    {
        if (_options.SharedMaps is { } shared && shared.TryGetValue(spec.Name, out var map))
        {
            RequireSame(spec, map);
        }
        else
        {
            map = spec.PinByName && _options.PinDirectory is { } directory ? OpenOrPin(spec, directory) : Make(spec);
            _ownMaps.Add(map);
        }

        _maps.Add(spec.Name, map);
    }

    private BpfMap Make(MapSpec spec)
    {
        if (spec.Type == BpfMapType.StructOps)
            throw new BpfException(
                $"Map {spec.Name} of {Spec.Name} is a table of functions for the kernel (struct_ops), which this loader does not make.");
        // Of ring buffers the kernel takes whole pages, a power of two of them; objects say about how many bytes they want.
        if (spec.Type is BpfMapType.RingBuffer or BpfMapType.UserRingBuffer && spec.MaxEntries is > 0 and <= 1u << 31)
            spec = spec.With(Math.Max(BitOperations.RoundUpToPowerOf2(spec.MaxEntries), (uint)Environment.SystemPageSize), spec.Contents);
        else if (spec.Name == ExternReader.ConfigurationSection)
            spec = spec.With(spec.MaxEntries, ConfigurationContents(spec));
        return BpfMap.Create(spec, KernelName(spec), _types);
    }

    /// <summary>What the map of configuration values holds depends on the running kernel, so it is no part of the specification.</summary>
    private byte[] ConfigurationContents(MapSpec spec)
    {
        var configuration = new Lazy<KernelConfiguration?>(() => _options.Configuration ?? KernelConfiguration.LoadRunning());
        return ConfigurationValues.Fill(Spec, spec.ValueSize, () => configuration.Value, MachineValues.Of);
    }

    private BpfMap OpenOrPin(MapSpec spec, string directory)
    {
        var path = Path.Combine(directory, spec.Name);
        if (File.Exists(path))
        {
            var pinned = BpfMap.OpenPinned(path);
            try
            {
                RequireSame(spec, pinned);
                return pinned;
            }
            catch
            {
                pinned.Dispose();
                throw;
            }
        }

        var made = Make(spec);
        try
        {
            made.Pin(path);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private void RequireSame(MapSpec spec, BpfMap map)
    {
        if (map.Type != spec.Type || map.KeySize != spec.KeySize || map.ValueSize != spec.ValueSize)
            throw new BpfException(
                $"Map {spec.Name} of {Spec.Name} ({spec}) can't be shared with {map}, key {map.KeySize} B, value {map.ValueSize} B.");
    }

    private void FillMapsOfMaps()
    {
        foreach (var spec in Spec.Maps.Values)
        {
            if (spec.Type is not (BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps) || !_maps.ContainsKey(spec.Name))
                continue;
            foreach (var (index, name) in spec.InitialEntries)
                _maps[spec.Name].AsMapOfMaps<uint>().Put(index, Map(name));
        }
    }

    /// <summary>Puts a program that was just loaded into the arrays of programs that the object has it in.</summary>
    private void PutIntoArrays(BpfProgram program)
    {
        foreach (var spec in Spec.Maps.Values)
        {
            if (spec.Type != BpfMapType.ProgramArray || !_maps.ContainsKey(spec.Name))
                continue;
            foreach (var (index, name) in spec.InitialEntries)
            {
                if (name == program.Spec.Name)
                    _maps[spec.Name].AsProgramArray().Put(index, program);
            }
        }
    }

    /// <summary>Data sections are called the same in all objects; the object's name tells them apart in bpftool.</summary>
    private string KernelName(MapSpec spec)
    {
        if (!spec.Name.StartsWith('.'))
            return spec.Name;
        var room = ObjectName.Length - 1 - Math.Min(spec.Name.Length, 7);
        return Spec.Name[..Math.Min(Spec.Name.Length, room)] + spec.Name;
    }

    private static BtfTypes? ReadKernelTypes() =>
        KernelFeatures.Probe(KernelFeature.KernelTypes).IsAvailable ? BtfTypes.LoadKernel() : null;

    /// <summary>The place of a map among those of the object, which stands for it in instructions that can't load it.</summary>
    private int IndexOf(string map) => Spec.Maps.Keys.TakeWhile(name => name != map).Count();

    private IReadOnlyList<ModuleTypes> ReadModules() => _kernelTypes.Value is { } kernel ? ModuleTypes.OfKernel(kernel) : [];

    private BpfProgram Load(ProgramSpec spec)
    {
        MemoryAccounting.Prepare();
        if (spec.Type == BpfProgramType.Unspecified)
            throw new BpfLoadException(
                spec.Name,
                $"Program {spec.Name} is in section {spec.SectionName}, which names no kind of program that is known; say which by AttachAs.");
        if (spec.Kind is ProgramKind.StructOps or ProgramKind.Extension)
            throw new BpfLoadException(
                spec.Name,
                $"Program {spec.Name} ({spec.SectionName}) is "
                    + (spec.Kind == ProgramKind.Extension
                        ? "to replace a function of another BPF program"
                        : "part of a table of functions for the kernel (struct_ops)")
                    + ", which this loader does not do.");
        var kernel = _kernelTypes.Value;
        // Other types than the kernel's own have no modules to go with them.
        var linked = _options.RelocationTypes is { } types
            ? ProgramLinker.Link(Spec, spec, types)
            : ProgramLinker.Link(Spec, spec, kernel, kernel is null ? null : new LazyModules(_modules));
        linked = PrivateStack.Avoid(linked, spec);
        var target = AttachTarget.Find(spec, kernel, () => _modules.Value);
        var called = linked.Externs.Length > 0 ? new KernelExterns(kernel, new LazyModules(_modules)).Apply(Spec, linked) : [];
        var leased = new List<BpfMap>(linked.Maps.Length);
        try
        {
            foreach (var reference in linked.Maps)
            {
                if (!_maps.TryGetValue(reference.MapName, out var map))
                {
                    ProgramLoader.PoisonMap(linked, reference, IndexOf(reference.MapName));
                    continue;
                }

                var added = false;
                map.Descriptor.DangerousAddRef(ref added);
                leased.Add(map);
                ProgramLoader.PatchMap(linked, reference, (int)map.Descriptor.DangerousGetHandle());
            }

            using var modules = ModuleLeases.Open(linked, called, target.Module);
            var descriptor = ProgramLoader.Load(linked, spec, Spec.License, target.TypeId, modules, _types, TypesProblem, out var describes);
            if (!describes && _types is not null)
                TypesProblem ??= $"The kernel takes {spec.Name} only without the description of its functions and lines.";
            return new BpfProgram(spec, descriptor, leased.Distinct().ToArray()) { UsdtOfObject = _usdt };
        }
        finally
        {
            foreach (var map in leased)
                map.Descriptor.DangerousRelease();
        }
    }
}
