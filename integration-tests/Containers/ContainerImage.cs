using System.Formats.Tar;
using System.Text;
using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Containers;

/// <summary>The file system of an image, made of files of this machine because no registry can be reached.</summary>
internal sealed class ContainerImage
{
    private readonly SortedDictionary<string, TarEntry> _entries = new(StringComparer.Ordinal);

    public ContainerImage()
    {
        foreach (string directory in (string[])["tmp", "etc", "proc", "sys", "dev", "run", "bin", "usr", "var"])
            _entries[directory + "/"] = new PaxTarEntry(TarEntryType.Directory, directory + "/") { Mode = (UnixFileMode)(directory == "tmp" ? 0x3ff : 0x1ed) };
        AddText("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n");
        AddText("etc/group", "root:x:0:\nnogroup:x:65534:\nwww-data:x:33:\n");
        AddText("etc/nsswitch.conf", "hosts: files dns\n");
    }

    public void AddText(string path, string text) => Add(path, new MemoryStream(Encoding.UTF8.GetBytes(text)), executable: false);

    /// <summary>A program with the libraries that it names; further directories are searched for those.</summary>
    public void AddProgram(string hostPath, string path, string? libraryPath = null)
    {
        AddFile(hostPath, path);
        CommandResult libraries = Command.Run("ldd", [hostPath], environment: new Dictionary<string, string?> { ["LD_LIBRARY_PATH"] = libraryPath });
        if (libraries.ExitCode != 0)
            return; // a static one
        foreach (string line in libraries.Output.Split('\n'))
        {
            // "libssl.so.3 => /lib/x86_64-linux-gnu/libssl.so.3 (0x...)" or "/lib64/ld-linux-x86-64.so.2 (0x...)"
            if (line.Split(' ', '\t').FirstOrDefault(word => word.StartsWith('/')) is not { } library)
                continue;
            string target = library.StartsWith(ContainerEngine.Packages, StringComparison.Ordinal) ? "/usr/lib/" + Path.GetFileName(library) : library;
            if (!_entries.ContainsKey(target[1..]))
                AddFile(library, target);
        }
    }

    /// <summary>busybox under the names of the commands that scripts use.</summary>
    public void AddShell()
    {
        AddProgram(Command.Find("busybox") ?? throw new FileNotFoundException("busybox-static is not installed"), "/bin/busybox");
        foreach (string command in (string[])["sh", "sleep", "cat", "ls", "mkdir"])
            _entries["bin/" + command] = new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + command) { LinkName = "busybox" };
    }

    public void AddFile(string hostPath, string path) => Add(path, File.OpenRead(hostPath), executable: true);

    public void Write(string path)
    {
        using FileStream stream = File.Create(path);
        using TarWriter writer = new(stream, TarEntryFormat.Pax);
        foreach (TarEntry entry in _entries.Values)
            writer.WriteEntry(entry);
    }

    private void Add(string path, Stream contents, bool executable) =>
        _entries[path.TrimStart('/')] = new PaxTarEntry(TarEntryType.RegularFile, path.TrimStart('/'))
        {
            DataStream = contents,
            Mode = (UnixFileMode)(executable ? 0x1ed : 0x1a4),
        };
}
