using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>Addresses of kernel symbols, from /proc/kallsyms.</summary>
internal static class KernelSymbolTable
{
    private const string Path = "/proc/kallsyms";

    /// <summary>True if the kernel has a symbol of that name; null if it does not tell.</summary>
    internal static bool? Has(string name) => File.Exists(Path) ? AddressesOf(name).Count > 0 : null;

    /// <summary>The address of a symbol; null if there is none of that name, 0 if the kernel hides it.</summary>
    /// <exception cref="BpfException">Several symbols have that name.</exception>
    internal static ulong? AddressOf(string name)
    {
        var addresses = AddressesOf(name);
        return addresses.Count switch
        {
            0 => null,
            1 => addresses.Min,
            _ => throw new BpfException(
                $"The kernel has {addresses.Count} symbols {name}, the first of them at 0x{addresses.Min:x} and 0x{addresses.Max:x}."),
        };
    }

    private static SortedSet<ulong> AddressesOf(string name)
    {
        var addresses = new SortedSet<ulong>();
        if (!File.Exists(Path))
            return addresses;
        // "ffffffff810a0b10 T name", and for modules "[module]" behind a tab. There are some 200,000 lines.
        foreach (var line in File.ReadLines(Path))
        {
            var space = line.IndexOf(' ');
            if (space < 0 || line.Length < space + 4)
                continue;
            var rest = line.AsSpan(space + 3);
            var end = rest.IndexOf('\t');
            if ((end < 0 ? rest : rest[..end]).SequenceEqual(name)
                && ulong.TryParse(line.AsSpan(0, space), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address))
            {
                addresses.Add(address);
            }
        }
        return addresses;
    }
}
