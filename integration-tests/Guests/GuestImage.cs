using System.Text;
using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Guests;

/// <summary>
/// The file system of a guest: busybox, an init that mounts what a system mounts, and what a test adds. It is written
/// as an initramfs, which these kernels keep as a tmpfs.
/// </summary>
internal sealed class GuestImage
{
    // In the order in which they depend on each other; what is built in has no file.
    private static readonly string[] s_diskModules =
        ["virtio", "virtio_ring", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci", "virtio_blk"];

    private const string Init = """
        #!/bin/busybox sh
        /bin/busybox --install -s /bin
        export PATH=/bin HOME=/tmp
        mount -t proc proc /proc
        mount -t sysfs sysfs /sys
        mount -t devtmpfs devtmpfs /dev
        mount -t tracefs tracefs /sys/kernel/tracing
        mount -t debugfs debugfs /sys/kernel/debug
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        mount -t bpf bpf /sys/fs/bpf
        ln -s /proc/self/fd /dev/fd
        ip link set lo up
        for module in $(cat /modules/order); do insmod /modules/$module.ko || echo "init: no $module"; done
        sh /test.sh > /out/stdout 2> /out/stderr
        echo $? > /out/exit
        dmesg > /out/dmesg
        tar -cf /dev/vda -C /out .
        sync
        reboot -f

        """;

    private readonly SortedDictionary<string, Action<CpioArchive>> _entries = new(StringComparer.Ordinal);

    public GuestImage()
    {
        string busybox = Command.Find("busybox") ?? throw new FileNotFoundException("busybox-static is not installed");
        AddFile(busybox, "/bin/busybox", executable: true);
        foreach (string directory in (string[])["/proc", "/sys", "/dev", "/tmp", "/run", "/out", "/modules", "/root"])
            Directory(directory);
        AddText("/init", Init, executable: true);
        AddText("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
        AddText("/etc/group", "root:x:0:\n");
        AddText("/etc/hosts", "127.0.0.1 localhost known.test\n::1 localhost\n");
        AddText("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
    }

    public void AddText(string path, string text, bool executable = false) => AddBytes(path, Encoding.UTF8.GetBytes(text), executable);

    public void AddFile(string hostPath, string path, bool executable = false) => AddBytes(path, File.ReadAllBytes(hostPath), executable);

    public void AddBytes(string path, byte[] contents, bool executable = false)
    {
        for (string? parent = Path.GetDirectoryName(path); parent is not null and not "/"; parent = Path.GetDirectoryName(parent))
            Directory(parent);
        _entries[path] = archive => archive.AddFile(path, contents, executable);
    }

    /// <summary>A program of this machine with the libraries that it names, each at its own path.</summary>
    public void AddProgram(string hostPath, string path)
    {
        AddFile(hostPath, path, executable: true);
        CommandResult libraries = Command.Run("ldd", [hostPath]);
        if (libraries.ExitCode != 0)
            return; // a static one
        foreach (string word in libraries.Output.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.StartsWith('/') && !_entries.ContainsKey(word))
                AddFile(word, word, executable: true);
        }
    }

    /// <summary>Writes the initramfs for one kernel: its modules for disks, and those that are named.</summary>
    public void Write(string path, GuestKernel kernel, params IEnumerable<string> modules)
    {
        List<string> order = [];
        foreach (string module in s_diskModules.Concat(modules))
        {
            if (kernel.Module(module) is not { } file)
                continue;
            AddFile(file, $"/modules/{module}.ko");
            order.Add(module);
        }

        AddText("/modules/order", string.Join(' ', order) + "\n");
        using FileStream stream = File.Create(path);
        using CpioArchive archive = new(stream);
        foreach (Action<CpioArchive> entry in _entries.Values)
            entry(archive);
    }

    // Ordinal order puts a directory before what is in it.
    private void Directory(string path) => _entries.TryAdd(path, archive => archive.AddDirectory(path));
}
