using System.Globalization;
using System.Text;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// tracefs: where it is mounted, or, where it is not, through a mount of our own that no one else sees and that goes with the
/// descriptor (Linux 5.2, CAP_SYS_ADMIN). Found once and kept open.
/// </summary>
internal sealed class Tracefs
{
    private static readonly string[] MountPoints = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
    private static readonly Lazy<Tracefs> Found = new(Find);
    private readonly string? _mountPoint;
    private readonly FileDescriptor? _mount;

    private Tracefs(string? mountPoint, FileDescriptor? mount, string location)
    {
        _mountPoint = mountPoint;
        _mount = mount;
        Location = location;
    }

    /// <summary>The one of this process.</summary>
    public static Tracefs Instance => Found.Value;

    /// <summary>True if there is one.</summary>
    public bool IsAvailable => _mountPoint is not null || _mount is not null;

    /// <summary>Where it is, or why there is none.</summary>
    public string Location { get; }

    /// <summary>The id of a tracepoint, by which perf_event_open knows it.</summary>
    /// <returns>The id, or minus the errno; ENOENT if there is no such tracepoint.</returns>
    public long EventId(string category, string name)
    {
        Span<byte> text = stackalloc byte[32];
        var length = Read($"events/{category}/{name}/id", text);
        if (length < 0)
            return length;
        return uint.TryParse(
            Encoding.ASCII.GetString(text[..(int)length]), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id)
            ? id
            : -(long)Errno.EINVAL;
    }

    /// <summary>Reads a small file. The result is the length, or minus the errno.</summary>
    public long Read(string path, Span<byte> buffer)
    {
        if (_mount is null)
            return _mountPoint is null ? -(long)Errno.ENOENT : FileSyscalls.Read(-1, $"{_mountPoint}/{path}", buffer);
        using var lease = _mount.Lease();
        return FileSyscalls.Read(lease.Fd, path, buffer);
    }

    /// <summary>Reads a file of any size as text; null if it can't be read.</summary>
    public string? ReadText(string path)
    {
        if (!IsAvailable)
            return null;
        try
        {
            if (_mount is null)
                return File.ReadAllText($"{_mountPoint}/{path}");
            using var lease = _mount.Lease();
            return File.ReadAllText($"/proc/self/fd/{lease.Fd}/{path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens a file of any length for reading. Null, with the errno, if it can't be.</summary>
    public Stream? OpenRead(string path, out Errno error)
    {
        long result;
        if (_mount is null)
        {
            result = _mountPoint is null ? -(long)Errno.ENOENT : FileSyscalls.Open(-1, $"{_mountPoint}/{path}");
        }
        else
        {
            using var lease = _mount.Lease();
            result = FileSyscalls.Open(lease.Fd, path);
        }

        error = Syscall.ErrorOf(result);
        return result < 0 ? null : new DescriptorStream(FileDescriptor.Adopt(result), $"reading {path} of tracefs");
    }

    /// <summary>Appends to a control file. The result is the length, or minus the errno.</summary>
    public long Append(string path, string text)
    {
        if (_mount is null)
            return _mountPoint is null ? -(long)Errno.ENOENT : FileSyscalls.Append(-1, $"{_mountPoint}/{path}", text);
        using var lease = _mount.Lease();
        return FileSyscalls.Append(lease.Fd, path, text);
    }

    private static Tracefs Find()
    {
        foreach (var point in MountPoints)
        {
            // Both exist as empty directories where nothing is mounted.
            if (Directory.Exists($"{point}/events"))
                return new Tracefs(point, null, $"mounted at {point}");
        }

        var result = FileSyscalls.MountDetached("tracefs");
        return Syscall.ErrorOf(result) switch
        {
            Errno.None => new Tracefs(null, FileDescriptor.Adopt(result), "mounted for this process only"),
            Errno.EPERM => new Tracefs(null, null,
                "not mounted (or not readable), and mounting it takes CAP_SYS_ADMIN: mount -t tracefs tracefs /sys/kernel/tracing"),
            Errno.ENODEV => new Tracefs(null, null, "this kernel was built without it (CONFIG_TRACING)"),
            var error => new Tracefs(null, null, $"not mounted, and mounting it failed with {BpfSyscallException.NameOf((int)error)}"),
        };
    }
}
