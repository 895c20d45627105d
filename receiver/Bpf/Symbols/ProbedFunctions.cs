using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Which kernel functions a pattern names, of those that the function tracer can be put on.</summary>
/// <param name="Addresses">Their addresses; empty if the kernel does not show them to this process.</param>
/// <param name="Names">Their names, each once, where addresses are not shown.</param>
internal sealed record ProbedFunctions(IReadOnlyList<ulong> Addresses, IReadOnlyList<string> Names)
{
    private const string WithAddresses = "available_filter_functions_addrs"; // since 6.5
    private const string WithoutAddresses = "available_filter_functions";

    public int Count => Addresses.Count + Names.Count;

    /// <summary>Looks for the functions.</summary>
    /// <exception cref="BpfException">tracefs or /proc/kallsyms can't be read.</exception>
    public static ProbedFunctions Matching(string pattern)
    {
        if (Tracefs.Instance.OpenRead(WithAddresses, out _) is { } stream)
        {
            using (stream)
                return new(ReadAddresses(stream, pattern), []);
        }

        using var names = Tracefs.Instance.OpenRead(WithoutAddresses, out var error)
            ?? throw new BpfException($"The functions that {pattern} names can't be looked up: tracefs is {Tracefs.Instance.Location}"
                + (error == Errno.ENOENT ? $", and has no {WithoutAddresses} (CONFIG_DYNAMIC_FTRACE)." : $" ({error})."));
        return InKallsyms(ReadNames(names, pattern));
    }

    /// <summary><c>ffffffff81000000 name [module]</c></summary>
    internal static List<ulong> ReadAddresses(Stream stream, string pattern)
    {
        var addresses = new List<ulong>();
        using var lines = new StreamReader(stream);
        while (lines.ReadLine() is { } line)
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && Glob.IsMatch(pattern, NameOf(line.AsSpan(blank + 1)))
                && ulong.TryParse(line.AsSpan(0, blank), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address))
                addresses.Add(address);
        }

        return addresses;
    }

    internal static HashSet<string> ReadNames(Stream stream, string pattern)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var lines = new StreamReader(stream);
        while (lines.ReadLine() is { } line)
        {
            var name = NameOf(line);
            if (Glob.IsMatch(pattern, name))
                names.Add(name.ToString());
        }

        return names;
    }

    /// <summary>A name may be that of several functions, only some of which can be traced: only those of one address are taken.</summary>
    private static ProbedFunctions InKallsyms(HashSet<string> names)
    {
        var found = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var several = new HashSet<string>(StringComparer.Ordinal);
        foreach (var symbol in KernelSymbols.Read())
        {
            if (symbol.Type is 't' or 'T' && names.Contains(symbol.Name) && !found.TryAdd(symbol.Name, symbol.Address))
                several.Add(symbol.Name);
        }

        foreach (var name in several)
            found.Remove(name);
        return found.Values.Any(address => address != 0) ? new([.. found.Values], []) : new([], [.. found.Keys]);
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOfAny(' ', '\t');
        return end < 0 ? rest : rest[..end];
    }
}
