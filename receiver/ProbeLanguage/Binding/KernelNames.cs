using System.Text;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// What the kernel's types say about names: functions, tracepoints, enumerators. What takes a walk over all types (a pattern, an
/// enumerator of unknown enum, a suggestion) is made when it is first needed.
/// </summary>
internal sealed class KernelNames(ProbeTarget target)
{
    private const string TracepointPrefix = "btf_trace_";
    private readonly Lock _gate = new();
    private Dictionary<string, (BtfTypes Types, uint Enum, long Value)>? _enumerators;
    private List<string>? _functions;
    private List<string>? _tracepoints;

    /// <summary>The prototype of a kernel function: in the kernel, else in a module.</summary>
    public TypeRef? FindFunction(string name, string module = "")
    {
        foreach (BtfTypes types in Search(module))
        {
            if (types.TryFind(name, BtfKind.Function, out uint id) && types[types[id].TargetId] is { Kind: BtfKind.FunctionPrototype } prototype)
                return new(types, prototype.Id);
        }

        return null;
    }

    /// <summary>The prototype of a tracepoint's raw arguments; its first parameter is not one of them.</summary>
    public TypeRef? FindTracepoint(string name)
    {
        foreach (BtfTypes types in Search(""))
        {
            if (types.TryFind(TracepointPrefix + name, BtfKind.Typedef, out uint id)
                && types.Resolve(id) is { Kind: BtfKind.Pointer } pointer
                && types.Resolve(pointer.TargetId) is { Kind: BtfKind.FunctionPrototype } prototype)
            {
                return new(types, prototype.Id);
            }
        }

        return null;
    }

    /// <summary>A struct, union, enum or typedef.</summary>
    public TypeRef? FindType(string name, params ReadOnlySpan<BtfKind> kinds)
    {
        foreach (BtfTypes types in Search(""))
        {
            foreach (BtfKind kind in kinds)
            {
                if (types.TryFind(name, kind, out uint id))
                    return new(types, id);
            }
        }

        return null;
    }

    /// <summary>An enumerator of any enum; the first of the name.</summary>
    public bool TryEnumerator(string name, out TypeRef type, out long value)
    {
        lock (_gate)
            _enumerators ??= ReadEnumerators();
        bool found = _enumerators.TryGetValue(name, out var entry);
        (type, value) = found ? (new TypeRef(entry.Types, entry.Enum), entry.Value) : (default, 0);
        return found;
    }

    public IEnumerable<string> Enumerators
    {
        get
        {
            lock (_gate)
                return (_enumerators ??= ReadEnumerators()).Keys;
        }
    }

    /// <summary>Names of all kernel functions that have types.</summary>
    public IReadOnlyList<string> Functions
    {
        get
        {
            lock (_gate)
                return _functions ??= ReadNames(BtfKind.Function, "");
        }
    }

    /// <summary>Names of all tracepoints.</summary>
    public IReadOnlyList<string> Tracepoints
    {
        get
        {
            lock (_gate)
                return _tracepoints ??= ReadNames(BtfKind.Typedef, TracepointPrefix);
        }
    }

    /// <summary>Names of all structs, for suggestions.</summary>
    public IReadOnlyList<string> Structs => ReadNames(BtfKind.Struct, "");

    private IEnumerable<BtfTypes> Search(string module)
    {
        // The kernel's own first: modules' types are read only if need be.
        if (target.Types is { } kernel && module.Length == 0)
            yield return kernel;
        foreach ((string name, BtfTypes types) in target.ModuleTypes)
        {
            if (module.Length == 0 || module == name)
                yield return types;
        }
    }

    private List<string> ReadNames(BtfKind kind, string prefix)
    {
        var result = new HashSet<string>(StringComparer.Ordinal);
        byte[] start = Encoding.UTF8.GetBytes(prefix);
        foreach (BtfTypes types in Search(""))
        {
            for (uint id = types.FirstId; id < types.Count; id++)
            {
                BtfType type = types[id];
                if (type.Kind == kind && type.NameUtf8.StartsWith(start) && type.NameUtf8.Length > start.Length)
                    result.Add(type.Name[prefix.Length..]);
            }
        }

        return [.. result];
    }

    private Dictionary<string, (BtfTypes Types, uint Enum, long Value)> ReadEnumerators()
    {
        var result = new Dictionary<string, (BtfTypes, uint, long)>(StringComparer.Ordinal);
        if (target.Types is not { } types)
            return result;
        for (uint id = types.FirstId; id < types.Count; id++)
        {
            BtfType type = types[id];
            if (!type.IsEnum)
                continue;
            for (int i = 0; i < type.Count; i++)
            {
                BtfEnumerator enumerator = type.Enumerator(i);
                result.TryAdd(enumerator.Name, (types, id, ValueOf(type, enumerator)));
            }
        }

        return result;
    }

    /// <summary>The value of an enumerator; those of unsigned 32-bit enums are not negative.</summary>
    public static long ValueOf(BtfType type, BtfEnumerator enumerator) =>
        type is { Kind: BtfKind.Enum, KindFlag: false, Size: 4 } && enumerator.Value < 0 && !HasNegativeMeaning(type)
            ? (uint)enumerator.Value
            : enumerator.Value;

    // Before the kind flag meant signed, all enums looked unsigned; small negative numbers were meant as such.
    private static bool HasNegativeMeaning(BtfType type)
    {
        for (int i = 0; i < type.Count; i++)
        {
            if (type.Enumerator(i).Value is < 0 and > -4096)
                return true;
        }

        return false;
    }
}
