using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Where the instructions of a file are in memory: as linked, for programs at fixed addresses; else as one process has them mapped.
/// </summary>
internal sealed class UsdtAddresses
{
    private readonly List<(ulong Start, ulong End, ulong Offset)> _mappings = [];

    /// <exception cref="BpfException">The file is position-independent, and no process is given or it does not map the file.</exception>
    public static UsdtAddresses Of(string path, int pid, string description)
    {
        var result = new UsdtAddresses();
        using var file = ImageFile.Open(path);
        if (file.IsFixed)
        {
            foreach (var segment in file.Segments)
            {
                if (segment.IsExecutable)
                    result._mappings.Add((segment.Address, segment.Address + segment.FileSize, segment.Offset));
            }

            return result;
        }

        if (pid == -1)
        {
            throw new BpfException($"Attaching {description} to all processes is not possible on this kernel (Linux 5.15 and later can): the file is "
                + "position-independent, so where it is in memory is only known of one process. Name the process.");
        }

        result.ReadMaps(pid == 0 ? "self" : pid.ToString(CultureInfo.InvariantCulture), file.RealPath, description);
        return result;
    }

    /// <summary>The address of a place in the file.</summary>
    public ulong At(ulong fileOffset)
    {
        foreach (var (start, end, offset) in _mappings)
        {
            if (fileOffset >= offset && fileOffset - offset < end - start)
                return start + (fileOffset - offset);
        }

        throw new BpfException($"The process does not map 0x{fileOffset:x} of the file as code.");
    }

    /// <summary><c>START-END r-xp OFFSET DEVICE INODE PATH</c></summary>
    private void ReadMaps(string process, string path, string description)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{process}/maps"))
            {
                var fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length < 6 || fields[1].Length < 3 || fields[1][2] != 'x' || fields[5].Trim() != path)
                    continue;
                var dash = fields[0].IndexOf('-', StringComparison.Ordinal);
                _mappings.Add((Hex(fields[0].AsSpan(0, dash)), Hex(fields[0].AsSpan(dash + 1)), Hex(fields[2])));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfException($"Attaching {description} is not possible: /proc/{process}/maps can't be read: {e.Message}", e);
        }

        if (_mappings.Count == 0)
            throw new BpfException($"Attaching {description} is not possible: process {process} does not have {path} in memory.");

        static ulong Hex(ReadOnlySpan<char> text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
