using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>The symbols of the running kernel, from /proc/kallsyms: some two hundred thousand lines, read as they are asked for.</summary>
public static class KernelSymbols
{
    private const string Path = "/proc/kallsyms";

    /// <summary>All symbols, in the kernel's order.</summary>
    /// <exception cref="BpfException">The file can't be read; the kernel was built without CONFIG_KALLSYMS.</exception>
    public static IEnumerable<KernelSymbol> Read()
    {
        using var lines = Open();
        while (lines.ReadLine() is { } line)
        {
            if (TryParse(line, out var symbol))
                yield return symbol;
        }
    }

    /// <summary>Whether the kernel has a symbol of exactly that name.</summary>
    /// <exception cref="BpfException">/proc/kallsyms can't be read.</exception>
    public static bool Has(string name)
    {
        using var lines = Open();
        while (lines.ReadLine() is { } line)
        {
            if (NameIn(line).SequenceEqual(name))
                return true;
        }

        return false;
    }

    /// <summary>A sentence on what the compiler may have made of a function that is not there, or nothing.</summary>
    internal static string Hint(string name)
    {
        const int Most = 3;
        var prefix = $"{name}.";
        var like = new List<string>();
        try
        {
            using var lines = Open();
            while (like.Count < Most && lines.ReadLine() is { } line)
            {
                var found = NameIn(line);
                if (found.StartsWith(prefix, StringComparison.Ordinal))
                    like.Add(found.ToString());
                else if (found.SequenceEqual(name))
                    return " It is in /proc/kallsyms, so it may be marked as not to be probed.";
            }
        }
        catch (BpfException)
        {
            return "";
        }

        return like.Count == 0 ? "" : $" The compiler made {string.Join(", ", like)} of it.";
    }

    /// <summary><c>ADDRESS TYPE NAME [MODULE]</c>.</summary>
    internal static bool TryParse(ReadOnlySpan<char> line, out KernelSymbol symbol)
    {
        symbol = default;
        var blank = line.IndexOf(' ');
        if (blank <= 0 || line.Length < blank + 4
            || !ulong.TryParse(line[..blank], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address))
            return false;
        var type = line[blank + 1];
        var name = NameIn(line);
        var rest = line[(blank + 3)..];
        var bracket = rest.IndexOf('[');
        var module = bracket < 0 ? "" : rest[(bracket + 1)..].TrimEnd().TrimEnd(']').ToString();
        symbol = new(address, type, name.ToString(), module);
        return !name.IsEmpty;
    }

    private static ReadOnlySpan<char> NameIn(ReadOnlySpan<char> line)
    {
        var blank = line.IndexOf(' ');
        if (blank < 0 || line.Length < blank + 4)
            return default;
        var rest = line[(blank + 3)..];
        var end = rest.IndexOfAny(' ', '\t');
        return end < 0 ? rest : rest[..end];
    }

    private static StreamReader Open()
    {
        try
        {
            return new StreamReader(Path, new FileStreamOptions { BufferSize = 1 << 16 });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfException($"{Path} can't be read: {e.Message}", e);
        }
    }
}
