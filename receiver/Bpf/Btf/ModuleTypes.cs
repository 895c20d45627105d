namespace EbpfReceiver.Bpf;

/// <summary>The types of a kernel module, which continue those of the kernel; read when they are first asked for. Thread-safe.</summary>
public sealed class ModuleTypes
{
    private const string Folder = "/sys/kernel/btf";

    private readonly Lazy<BtfTypes?> _types;

    /// <summary>Names a module and says how its types are read.</summary>
    /// <param name="name">Name of the module, as lsmod shows it.</param>
    /// <param name="read">Gives its split BTF; what it throws as <see cref="BpfException"/> means that there is none to be had.</param>
    public ModuleTypes(string name, Func<BtfTypes> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(read);
        Name = name;
        _types = new(() => ReadOrNull(read));
    }

    /// <summary>Name of the module.</summary>
    public string Name { get; }

    /// <summary>Its types; null if they can't be read, as when the module has gone meanwhile.</summary>
    public BtfTypes? Types => _types.Value;

    /// <summary>The modules that the running kernel shows types of (since 5.11), by name.</summary>
    /// <param name="kernel">The running kernel's own types, which those of modules refer to.</param>
    public static IReadOnlyList<ModuleTypes> OfKernel(BtfTypes kernel)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        if (!Directory.Exists(Folder))
            return [];
        var modules = new List<ModuleTypes>();
        foreach (var path in Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal))
        {
            if (path != BtfTypes.KernelPath)
                modules.Add(new(Path.GetFileName(path), () => BtfTypes.LoadFile(path, kernel)));
        }
        return modules;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static BtfTypes? ReadOrNull(Func<BtfTypes> read)
    {
        try
        {
            return read();
        }
        catch (BpfException)
        {
            // A module that can't be read is as good as none: what is looked for in it is then reported as missing.
            return null;
        }
    }
}
