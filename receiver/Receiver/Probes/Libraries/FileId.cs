using System.Runtime.InteropServices;

namespace EbpfReceiver.Probes.Libraries;

/// <summary>Which file it is, whatever it is called.</summary>
/// <param name="Major">Major number of its device.</param>
/// <param name="Minor">Minor number of its device.</param>
/// <param name="Inode">Its inode there.</param>
internal readonly partial record struct FileId(uint Major, uint Minor, ulong Inode)
{
    private const int CurrentDirectory = -100;
    private const uint InodeWanted = 0x100;

    /// <summary>The id of the file at a path, links followed; false if there is none.</summary>
    public static bool TryOf(string path, out FileId id)
    {
        bool there = Statx(CurrentDirectory, path, 0, InodeWanted, out StatxBuffer buffer) == 0;
        id = there ? new FileId(buffer.DeviceMajor, buffer.DeviceMinor, buffer.Inode) : default;
        return there;
    }

    // statx(2), because its structure is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>struct statx of linux/stat.h, 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
