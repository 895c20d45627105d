using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The machine that this process runs on. What is read is kept: the kernel's types, the list of tracepoints. Thread-safe.</summary>
/// <param name="types">The kernel's types, if they were read already; null reads them when they are needed.</param>
public sealed class RunningMachine(BtfTypes? types = null) : ProbeTarget
{
    private readonly WeakReference<byte[]?> _symbols = new(null);
    private readonly Lazy<BtfTypes?> _types = new(() => types ?? ReadTypes());
    private readonly Lazy<IReadOnlyList<string>?> _tracepoints = new(KernelTracepoints.List);
    private readonly Lazy<IReadOnlyList<ModuleTypes>> _modules = new(() => (types ?? ReadTypes()) is { } kernel ? ModuleTypesOf(kernel) : []);

    /// <inheritdoc/>
    public override string Description { get; } = $"Linux {ReadRelease()}";

    /// <inheritdoc/>
    public override BtfTypes? Types => _types.Value;

    /// <inheritdoc/>
    public override UsdtArchitecture Architecture =>
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? UsdtArchitecture.Arm64 : UsdtArchitecture.X64;

    /// <inheritdoc/>
    public override IEnumerable<(string Module, BtfTypes Types)> ModuleTypes
    {
        get
        {
            if (Types is null)
                yield break;
            foreach (ModuleTypes module in _modules.Value)
            {
                if (module.Types is { } found)
                    yield return (module.Name, found);
            }
        }
    }

    /// <inheritdoc/>
    public override string? TracepointFormat(string category, string name) => KernelTracepoints.ReadFormat(category, name);

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Tracepoints(string category, string name)
    {
        if (_tracepoints.Value is not { } all)
            return null;
        Func<string, bool> matches = HookResolver.Matcher($"{category}:{name}");
        return [.. all.Where(matches)];
    }

    /// <inheritdoc/>
    public override bool? HasFunction(string name)
    {
        if (ReadSymbols() is not { } symbols)
            return null;
        // "ffffffff81000000 T name", and "\t[module]" behind it for those of modules.
        ReadOnlySpan<byte> wanted = Encoding.UTF8.GetBytes($" {name}");
        int at = 0;
        while (symbols.AsSpan(at).IndexOf(wanted) is var found && found >= 0)
        {
            at += found + wanted.Length;
            int kind = at - wanted.Length - 1;
            if (kind >= 0 && symbols[kind] is (byte)'t' or (byte)'T' or (byte)'w' or (byte)'W' && at < symbols.Length && symbols[at] is (byte)'\n' or (byte)'\t')
                return true;
        }

        return false;
    }

    // Ten megabytes that the kernel makes anew for each reader: kept while probes are bound, let go when memory is wanted.
    private byte[]? ReadSymbols()
    {
        lock (_symbols)
        {
            if (_symbols.TryGetTarget(out byte[]? kept))
                return kept;
            try
            {
                byte[] read = File.ReadAllBytes("/proc/kallsyms");
                _symbols.SetTarget(read);
                return read;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public override string? FindFile(string name) => UserFiles.Find(name);

    /// <inheritdoc/>
    public override bool? HasSymbol(string path, string symbol)
    {
        try
        {
            return ElfSymbols.TryResolve(path, symbol, out _, out _);
        }
        catch (Exception e) when (e is BpfException or IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Symbols(string path, string pattern)
    {
        try
        {
            return [.. ElfSymbols.Matching(path, pattern).Select(f => f.Name).Distinct()];
        }
        catch (Exception e) when (e is BpfException or IOException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public override (string Problem, IReadOnlyList<string> Similar) MissingSymbol(string path, string symbol)
    {
        try
        {
            ElfSymbols.TryResolve(path, symbol, out _, out string problem);
            // Of several names of one place only one is listed, so those are asked for that begin or end alike.
            return (problem.TrimEnd('.'), [.. Symbols(path, symbol[..1] + "*"), .. Symbols(path, "*" + symbol[^1..])]);
        }
        catch (Exception e) when (e is BpfException or IOException)
        {
            return (e.Message.TrimEnd('.'), []);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<UsdtSite> StaticProbes(string path) => UsdtProbes.Read(path);

    /// <inheritdoc/>
    public override uint? UserId(string name)
    {
        try
        {
            foreach (string line in File.ReadLines("/etc/passwd"))
            {
                string[] fields = line.Split(':');
                if (fields.Length > 2 && fields[0] == name && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
                    return id;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return null;
    }

    private static IReadOnlyList<ModuleTypes> ModuleTypesOf(BtfTypes kernel) => Bpf.ModuleTypes.OfKernel(kernel);

    private static BtfTypes? ReadTypes()
    {
        try
        {
            return BtfTypes.LoadKernel();
        }
        catch (BpfException)
        {
            // Said by each hook that needs them.
            return null;
        }
    }

    private static string ReadRelease()
    {
        const string Path = "/proc/sys/kernel/osrelease";
        try
        {
            return File.ReadAllText(Path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "of unknown release";
        }
    }
}
