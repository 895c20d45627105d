using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Functions of processes by address: what is mapped there, and what the mapped file calls it.</summary>
internal static class ProcessSymbols
{
    /// <summary>The function, or <c>[file]</c> where it has no symbol; null if nothing is mapped there or the process can't be read.</summary>
    public static string? Find(int pid, ulong address)
    {
        if (pid <= 0) return null;
        try
        {
            foreach (string line in File.ReadLines($"/proc/{pid}/maps"))
            {
                if (!TryParse(line, out ulong start, out ulong end, out ulong offset, out string path) || address < start || address >= end) continue;
                return Name(pid, line, path, address - start + offset);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process is gone, or not ours to read.
        }

        return null;
    }

    /// <summary>Reads <c>7f01-7f02 r-xp 00001000 fd:00 1234   /usr/lib/libc.so.6</c> (proc_pid_maps(5)).</summary>
    private static bool TryParse(string line, out ulong start, out ulong end, out ulong offset, out string path)
    {
        start = end = offset = 0;
        path = "";
        string[] words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 5) return false;
        int dash = words[0].IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !IsHex(words[0].AsSpan(0, dash), out start) || !IsHex(words[0].AsSpan(dash + 1), out end) || !IsHex(words[2], out offset))
            return false;
        path = words.Length > 5 ? words[5].TrimStart() : "";
        return true;
    }

    private static bool IsHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static string Name(int pid, string line, string path, ulong fileOffset)
    {
        if (!path.StartsWith('/')) return path.Length > 0 ? path : "[anon]";
        string file = $"/proc/{pid}/root{path}";
        if (!File.Exists(file)) file = $"/proc/{pid}/map_files/{line[..line.IndexOf(' ', StringComparison.Ordinal)]}";
        try
        {
            return ElfAddresses.FunctionAt(file, fileOffset) ?? $"[{Path.GetFileName(path)}]";
        }
        catch (BpfException)
        {
            // No ELF file, or one that was cut short: what is mapped there is still known.
            return $"[{Path.GetFileName(path)}]";
        }
    }
}
