using System.Globalization;
using System.Text;

namespace EbpfReceiver.IntegrationTests.Guests;

/// <summary>Writes the "newc" format that the kernel unpacks as its first file system (Documentation/driver-api/early-userspace/buffer-format.rst).</summary>
internal sealed class CpioArchive(Stream stream) : IDisposable
{
    private const int RegularFile = 0x8000;
    private const int Directory = 0x4000;
    private const int SymbolicLink = 0xa000;
    private int _entries;

    public void AddDirectory(string path) => Add(path, Directory | 0x1ed, []);

    public void AddFile(string path, ReadOnlySpan<byte> contents, bool executable) =>
        Add(path, RegularFile | (executable ? 0x1ed : 0x1a4), contents);

    public void AddLink(string path, string target) => Add(path, SymbolicLink | 0x1ff, Encoding.UTF8.GetBytes(target));

    public void Dispose() => Add("TRAILER!!!", 0, []);

    private void Add(string path, int mode, ReadOnlySpan<byte> contents)
    {
        byte[] name = Encoding.UTF8.GetBytes(path.TrimStart('/') + "\0");
        StringBuilder header = new("070701", 110);
        foreach (int field in (ReadOnlySpan<int>)[++_entries, mode, 0, 0, 1, 0, contents.Length, 0, 0, 0, 0, name.Length, 0])
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        stream.Write(Encoding.ASCII.GetBytes(header.ToString()));
        stream.Write(name);
        Pad(110 + name.Length);
        stream.Write(contents);
        Pad(contents.Length);
    }

    // Header with name, and contents, each end on a multiple of four.
    private void Pad(int length) => stream.Write([0, 0, 0], 0, -length & 3);
}
