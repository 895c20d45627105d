using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The directory of one queue on disk: ours alone, locked, and with nothing in it but segments. Names are the first sequence number in hex.
/// </summary>
internal sealed class QueueDirectory : IDisposable
{
    public const string RecordsSuffix = ".records";
    public const string AcknowledgementsSuffix = ".acks";
    public const string LockName = "lock";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int TypeMask = 0xf000;
    private const int TypeDirectory = 0x4000;
    private const int PermissionMask = 0x1ff;

    /// <summary>Our process id, and what tells us from the process of that id in another container.</summary>
    private static readonly string s_self = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {Guid.NewGuid():N}");

    private readonly SafeFileHandle _lock;

    private QueueDirectory(string path, SafeFileHandle locked) => (Path, _lock) = (path, locked);

    public string Path { get; }

    /// <summary>Makes the directory if need be, checks whose it is, and locks it.</summary>
    /// <returns>Null while another outlet of this process has it: when the configuration is read again, it gives it up soon.</returns>
    /// <exception cref="StorageException">It is somebody else's, in use, or may not be made.</exception>
    /// <exception cref="IOException">The disk is full or failing, which may pass.</exception>
    public static QueueDirectory? TryOpen(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("The queue on disk needs flock(2) and the modes of Unix files.");
        Make(path);
        Check(path);
        string lockPath = System.IO.Path.Combine(path, LockName);
        SafeFileHandle file = OpenLock(path, lockPath);
        QueueDirectory? opened = null;
        try
        {
            if (PosixFile.TryLock(file, lockPath))
            {
                RandomAccess.SetLength(file, 0);
                RandomAccess.Write(file, Encoding.ASCII.GetBytes(s_self), 0);
                opened = new QueueDirectory(path, file);
            }
            else if (HolderOf(file) is var holder && holder != s_self)
            {
                throw new StorageException(
                    $"the queue directory {path} is in use by process {holder.Split(' ')[0]}",
                    "Stop that receiver, or give this one its own sending_queue.storage.directory.");
            }
            return opened;
        }
        finally
        {
            if (opened is null)
                file.Dispose();
        }
    }

    public string RecordsPath(ulong first) => PathOf(first, RecordsSuffix);

    public string AcknowledgementsPath(ulong first) => PathOf(first, AcknowledgementsSuffix);

    /// <summary>First sequence numbers of the segments, in order. Names that are not ours are passed over.</summary>
    public IReadOnlyList<ulong> Segments() => Named(RecordsSuffix);

    /// <summary>Removes acknowledgements of segments that are gone: a crash came between the two.</summary>
    public void RemoveOrphans()
    {
        foreach (ulong first in Named(AcknowledgementsSuffix))
        {
            if (!File.Exists(RecordsPath(first)))
                File.Delete(AcknowledgementsPath(first));
        }
    }

    /// <summary>Removes a segment. Its acknowledgements go last: without them it would be sent again after a crash.</summary>
    /// <param name="first">Its name.</param>
    /// <param name="flush">Whether the disk is to know the one before the other.</param>
    public void Remove(ulong first, bool flush)
    {
        File.Delete(RecordsPath(first));
        if (flush)
            PosixFile.FlushDirectory(Path);
        File.Delete(AcknowledgementsPath(first));
    }

    /// <summary>Gives the lock up.</summary>
    public void Dispose() => _lock.Dispose();

    private string PathOf(ulong first, string suffix) =>
        System.IO.Path.Combine(Path, first.ToString("x16", CultureInfo.InvariantCulture) + suffix);

    private List<ulong> Named(string suffix)
    {
        var found = new List<ulong>();
        foreach (string file in System.IO.Directory.EnumerateFiles(Path, "*" + suffix))
        {
            ReadOnlySpan<char> name = System.IO.Path.GetFileName(file.AsSpan())[..^suffix.Length];
            if (name.Length == 16 && ulong.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong first))
                found.Add(first);
        }
        found.Sort();
        return found;
    }

    [UnsupportedOSPlatform("windows")]
    private static void Make(string path)
    {
        try
        {
            System.IO.Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && !PosixFile.MayPass(e.HResult)))
        {
            throw Unusable(path, e);
        }
    }

    private static SafeFileHandle OpenLock(string path, string lockPath)
    {
        try
        {
            return PosixFile.OpenOrCreate(lockPath);
        }
        catch (IOException e) when (!PosixFile.MayPass(e.HResult))
        {
            throw Unusable(path, e);
        }
    }

    private static StorageException Unusable(string path, Exception e) => new(
        $"the queue directory {path} can't be used: {e.Message}",
        "Make it, owned by the user of the receiver, or name another in sending_queue.storage.directory.");

    [UnsupportedOSPlatform("windows")]
    private static void Check(string path)
    {
        (uint owner, ushort mode) = PosixFile.OwnerOf(path);
        uint user = PosixFile.EffectiveUser();
        if ((mode & TypeMask) != TypeDirectory)
            throw new StorageException($"the queue directory {path} is a link or a file", "Name the directory itself.");
        if (owner != user)
        {
            throw new StorageException(
                $"the queue directory {path} belongs to user {owner} and the receiver runs as {user}",
                $"chown -R {user} {path}, or name another.");
        }
        // Telemetry holds what others should not read: a directory that was made with a wider mode is narrowed.
        if ((mode & PermissionMask) != (int)OwnerOnly)
            File.SetUnixFileMode(path, OwnerOnly);
    }

    private static string HolderOf(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Encoding.ASCII.GetString(bytes[..RandomAccess.Read(file, bytes, 0)]);
    }
}
