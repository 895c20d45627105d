using System.Buffers.Text;
using System.Text;

namespace EbpfReceiver.Probes.Libraries;

/// <summary>A file that a process maps executable, as <c>/proc/PID/maps</c> has it (proc_pid_maps(5)).</summary>
/// <param name="Range">The addresses, as the name of its link in <c>map_files</c>.</param>
/// <param name="Id">Which file it is.</param>
/// <param name="Path">Its path in the mount namespace of the process, without the mark of deleted files.</param>
/// <param name="IsDeleted">The path leads nowhere any more.</param>
internal readonly record struct MappedFile(string Range, FileId Id, string Path, bool IsDeleted)
{
    private const string DeletedMark = " (deleted)";

    /// <summary>Reads one line: <c>7f01-7f02 r-xp 00001000 fd:00 1234   /usr/lib/libc.so.6</c>; false if it is no executable file.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out MappedFile file)
    {
        file = default;
        int slash = line.IndexOf((byte)'/');
        if (slash < 0) return false;
        ReadOnlySpan<byte> head = line[..slash];
        if (!TryWord(ref head, out ReadOnlySpan<byte> range)
            || !TryWord(ref head, out ReadOnlySpan<byte> permissions)
            || permissions.Length < 3
            || permissions[2] != 'x'
            || !TryWord(ref head, out _)
            || !TryWord(ref head, out ReadOnlySpan<byte> device)
            || !TryWord(ref head, out ReadOnlySpan<byte> inode)) return false;
        int colon = device.IndexOf((byte)':');
        if (colon < 0
            || !Utf8Parser.TryParse(device[..colon], out uint major, out _, 'x')
            || !Utf8Parser.TryParse(device[(colon + 1)..], out uint minor, out _, 'x')
            || !Utf8Parser.TryParse(inode, out ulong number, out _)) return false;
        string path = Encoding.UTF8.GetString(line[slash..]);
        bool deleted = path.EndsWith(DeletedMark, StringComparison.Ordinal);
        file = new MappedFile(
            Encoding.ASCII.GetString(range), new FileId(major, minor, number), deleted ? path[..^DeletedMark.Length] : path, deleted);
        return true;
    }

    private static bool TryWord(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word)
    {
        text = text.TrimStart((byte)' ');
        int end = text.IndexOf((byte)' ');
        word = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[end..];
        return !word.IsEmpty;
    }
}
