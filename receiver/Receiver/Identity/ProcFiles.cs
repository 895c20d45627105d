using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Identity;

/// <summary>Reads files of <c>/proc/PID</c>: thin, bounded, and never throwing because a process is gone.</summary>
/// <param name="root">Where procfs is; <c>/proc</c> but for tests.</param>
internal sealed class ProcFiles(string root = "/proc")
{
    /// <summary>More than this of a command line or an environment is not read.</summary>
    public const int MaximumBytes = 32 * 1024;

    private const int MaximumArguments = 256;

    /// <summary>Where procfs is.</summary>
    public string Root { get; } = root;

    /// <summary>The ids of all processes that run now.</summary>
    public IEnumerable<int> Processes()
    {
        foreach (string directory in Directory.EnumerateDirectories(Root))
        {
            ReadOnlySpan<char> name = Path.GetFileName(directory.AsSpan());
            if (name[0] is >= '1' and <= '9' && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) yield return pid;
        }
    }

    /// <summary>Reads what tells a process from another of the same id; false if it is gone.</summary>
    public bool TryReadStat(int pid, out ProcStat stat)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            stat = default;
            return TryRead(pid, "stat", buffer, out ReadOnlySpan<byte> text) && ProcStat.TryParse(text, out stat);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Describes a process; false if it is gone, or became another while it was read.</summary>
    public bool TryDescribe(int pid, out ProcessDescription? description)
    {
        description = null;
        if (!TryReadStat(pid, out ProcStat before)) return false;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaximumBytes);
        try
        {
            uint uid = TryRead(pid, "status", buffer, out ReadOnlySpan<byte> status) && ProcStatus.TryReadUid(status, out uint owner) ? owner : 0;
            string cgroup = TryRead(pid, "cgroup", buffer, out ReadOnlySpan<byte> lines) ? CgroupFile.MostTellingPath(lines) : "";
            string[] arguments = TryRead(pid, "cmdline", buffer, out ReadOnlySpan<byte> list) ? NulSeparated.Split(list, MaximumArguments) : [];
            string comm = TryRead(pid, "comm", buffer, out ReadOnlySpan<byte> name) ? Encoding.UTF8.GetString(name.TrimEnd((byte)'\n')) : "";
            string path = ReadExecutablePath(pid);
            ServiceNaming service = ReadService(pid, before.ParentPid, path, buffer);
            if (!TryReadStat(pid, out ProcStat after) || after.StartTicks != before.StartTicks) return false;
            description = ProcessDescription.Create(
                pid, before.ParentPid, before.StartTicks * ProcStat.NanosecondsPerTick, uid, comm, path, arguments, service, cgroup);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The path of the file that a process executes; empty for kernel threads and where it may not be read.</summary>
    public string ReadExecutablePath(int pid)
    {
        try
        {
            string? target = File.ResolveLinkTarget($"{Root}/{pid}/exe", returnFinalTarget: false)?.FullName;
            if (target is null) return "";
            const string Deleted = " (deleted)";
            return target.EndsWith(Deleted, StringComparison.Ordinal) ? target[..^Deleted.Length] : target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>
    /// What the environment says. Servers write titles over the environment of their workers; such a worker, which runs the program of its
    /// parent because it was forked and did not exec, had the environment of its parent.
    /// </summary>
    private ServiceNaming ReadService(int pid, int parent, string path, byte[] buffer)
    {
        if (!TryRead(pid, "environ", buffer, out ReadOnlySpan<byte> environment) || environment.IsEmpty) return default;
        if (IsOverwritten(environment) && path.Length > 0 && ReadExecutablePath(parent) == path
            && !TryRead(parent, "environ", buffer, out environment))
        {
            return default;
        }

        return ServiceNaming.FromEnvironment(environment);
    }

    /// <summary>An environment begins with an assignment, whatever follows.</summary>
    private static bool IsOverwritten(ReadOnlySpan<byte> environment)
    {
        int end = environment.IndexOf((byte)0);
        return !(end < 0 ? environment : environment[..end]).Contains((byte)'=');
    }

    /// <summary>Reads a file of a process from its start into a buffer; false if that can't be.</summary>
    public bool TryRead(int pid, string file, byte[] buffer, out ReadOnlySpan<byte> text)
    {
        text = [];
        try
        {
            using SafeFileHandle handle = File.OpenHandle($"{Root}/{pid}/{file}");
            int length = 0;
            while (length < buffer.Length)
            {
                int read = RandomAccess.Read(handle, buffer.AsSpan(length), length);
                if (read == 0) break;
                length += read;
            }

            text = buffer.AsSpan(0, length);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone (ENOENT, ESRCH), or not ours to read (EACCES).
            return false;
        }
    }
}
