using System.Buffers.Text;
using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The kernel's functions by address, as <c>/proc/kallsyms</c> lists them. Some megabytes: kept only as long as there is room.</summary>
internal sealed class KernelSymbols
{
    private const int MaximumBytes = 64 * 1024 * 1024;
    private static readonly WeakReference<KernelSymbols?> Kept = new(null);

    private readonly ulong[] _addresses;
    private readonly int[] _names;
    private readonly byte[] _text;

    private KernelSymbols(byte[] text)
    {
        var addresses = new List<ulong>(1 << 17);
        var names = new List<int>(1 << 17);
        for (int at = 0; at < text.Length;)
        {
            ReadOnlySpan<byte> line = text.AsSpan(at);
            int end = line.IndexOf((byte)'\n');
            if (end < 0) end = line.Length;
            // "ffffffff81000000 T _text", and a tab with [module] after names of modules.
            if (Utf8Parser.TryParse(line[..end], out ulong address, out int digits, 'x') && address != 0
                && line.Length > digits + 3 && (line[digits + 1] | 0x20) is 't' or 'w')
            {
                addresses.Add(address);
                names.Add(at + digits + 3);
            }

            at += end + 1;
        }

        _text = text;
        _addresses = [.. addresses];
        _names = [.. names];
        Array.Sort(_addresses, _names);
    }

    /// <summary>The symbols as they are now, or were a short while ago.</summary>
    public static KernelSymbols Current
    {
        get
        {
            if (Kept.TryGetTarget(out KernelSymbols? symbols)) return symbols;
            symbols = new KernelSymbols(ReadList());
            Kept.SetTarget(symbols);
            return symbols;
        }
    }

    /// <summary>Reads a list.</summary>
    public static KernelSymbols Parse(ReadOnlySpan<byte> list) => new(list.ToArray());

    /// <summary>The function an address is in; null if it is before all of them, or the kernel hides its addresses.</summary>
    public string? Find(ulong address)
    {
        int at = Array.BinarySearch(_addresses, address);
        if (at < 0) at = ~at - 1;
        if (at < 0 || (at == _addresses.Length - 1 && address - _addresses[at] > 1 << 20)) return null;
        ReadOnlySpan<byte> name = _text.AsSpan(_names[at]);
        int end = name.IndexOfAny((byte)'\n', (byte)'\t');
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    private static byte[] ReadList()
    {
        try
        {
            using FileStream file = File.OpenRead("/proc/kallsyms");
            using var buffer = new MemoryStream();
            byte[] chunk = new byte[64 * 1024];
            for (int read; buffer.Length < MaximumBytes && (read = file.Read(chunk)) > 0;) buffer.Write(chunk.AsSpan(0, read));
            return buffer.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not there (CONFIG_KALLSYMS) or not ours to read: addresses stay addresses.
            return [];
        }
    }
}
