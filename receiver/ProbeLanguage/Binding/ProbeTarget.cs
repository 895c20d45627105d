using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// The machine that probes are bound to: its kernel's types, tracepoints and symbols, its programs' files. Everything in binding that
/// depends on a machine asks here, so that probes can be bound to kernels that do not run.
/// </summary>
public abstract class ProbeTarget
{
    /// <summary>What it is, for messages: <c>Linux 6.12.107</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The kernel's types; null if it shows none.</summary>
    public abstract BtfTypes? Types { get; }

    /// <summary>The processor, which decides where arguments are.</summary>
    public abstract UsdtArchitecture Architecture { get; }

    /// <summary>Types of kernel modules, each continuing <see cref="Types"/>, by name.</summary>
    public virtual IEnumerable<(string Module, BtfTypes Types)> ModuleTypes => [];

    /// <summary>The format file of a tracepoint; null if there is none or it can't be read.</summary>
    public abstract string? TracepointFormat(string category, string name);

    /// <summary>Tracepoints as <c>category:name</c> whose category and name match patterns; null if they can't be listed.</summary>
    public abstract IReadOnlyList<string>? Tracepoints(string category, string name);

    /// <summary>Whether the kernel has a function that can be probed; null if that is not known.</summary>
    public abstract bool? HasFunction(string name);

    /// <summary>The file of a program or library that was written by path or name; null if it is not there (now).</summary>
    public abstract string? FindFile(string name);

    /// <summary>Whether a file has a function; null if that is not known.</summary>
    public abstract bool? HasSymbol(string path, string symbol);

    /// <summary>Functions of a file whose name fits a pattern with <c>*</c> and <c>?</c>; none where it can't be read.</summary>
    public virtual IReadOnlyList<string> Symbols(string path, string pattern) => [];

    /// <summary>Why a file has no place to probe under a name, and functions of the file that it may have been meant to be.</summary>
    public virtual (string Problem, IReadOnlyList<string> Similar) MissingSymbol(string path, string symbol) => ($"{path} has no function {symbol}", []);

    /// <summary>The static probes of a file.</summary>
    /// <exception cref="BpfException">The file can't be read.</exception>
    public abstract IReadOnlyList<UsdtSite> StaticProbes(string path);

    /// <summary>The number of a user; null if there is none of the name.</summary>
    public abstract uint? UserId(string name);

    /// <summary>Names in the kernel's types, indexed when they are first asked for.</summary>
    internal KernelNames Names => LazyInitializer.EnsureInitialized(ref _names, () => new(this));

    private KernelNames? _names;
}
