using System.Runtime.InteropServices;

namespace EbpfReceiver.Probes.Libraries;

/// <summary>
/// The names in a directory, and nothing else about them. The platform's enumeration asks of each symbolic link what it leads to, which
/// takes longer than all else there is to do about libraries: their directories hold thousands of links.
/// </summary>
internal static partial class DirectoryNames
{
    /// <summary>Where the name is in struct dirent of 64-bit Linux (readdir(3)).</summary>
    private const int NameOffset = 19;

    /// <summary>All names, in no order; none if there is no such directory or it may not be read.</summary>
    public static List<string> Of(string directory)
    {
        var names = new List<string>();
        nint stream = Open(directory);
        if (stream == 0) return names;
        try
        {
            for (nint entry; (entry = Read(stream)) != 0;)
            {
                if (Marshal.PtrToStringUTF8(entry + NameOffset) is { } name and not "." and not "..") names.Add(name);
            }
        }
        finally
        {
            Close(stream);
        }

        return names;
    }

    [LibraryImport("libc", EntryPoint = "opendir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial nint Read(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int Close(nint stream);
}
