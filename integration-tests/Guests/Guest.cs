using System.Formats.Tar;
using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests.Guests;

/// <summary>
/// Boots a kernel in QEMU, by emulation alone, with an image whose /test.sh is the test; what that leaves in /out
/// comes back as a tar archive on the first disk. The second disk is empty, for block I/O.
/// </summary>
internal static class Guest
{
    public const long ScratchDiskBytes = 64 << 20;
    private const long ResultDiskBytes = 512 << 20;

    /// <param name="kernel">What boots.</param>
    /// <param name="image">Its file system.</param>
    /// <param name="directory">Where the image, the disks and the results are kept.</param>
    /// <param name="limit">For everything; a guest that takes 10 s alone takes minutes on a busy machine.</param>
    /// <param name="modules">Of the kernel, to load before the test.</param>
    public static GuestResult Run(GuestKernel kernel, GuestImage image, string directory, TimeSpan limit, params IEnumerable<string> modules)
    {
        string initramfs = Path.Combine(directory, "initramfs"), results = Path.Combine(directory, "results");
        string scratch = Path.Combine(directory, "scratch"), console = Path.Combine(directory, "console");
        image.Write(initramfs, kernel, modules);
        CreateDisk(results, ResultDiskBytes);
        CreateDisk(scratch, ScratchDiskBytes);
        string qemu = Command.Find("qemu-system-x86_64") ?? throw new FileNotFoundException("qemu-system-x86 is not installed");

        // One thread for both CPUs: with one each, code that uprobes patch can be translated while it changes. The kernel is kept from
        // cmpxchg16b (141): QEMU 7.2 emulates it wrongly now and then, and 6.12 dies of it in __kmalloc with a double fault. Programs
        // need it: the CPU has to have it.
        string[] arguments =
        [
            "-accel", "tcg,thread=single", "-cpu", "max", "-smp", "2", "-m", "1536", "-display", "none", "-monitor", "none",
            "-serial", $"file:{console}", "-no-reboot", "-nic", "none", "-kernel", kernel.Image, "-initrd", initramfs,
            "-drive", $"file={results},format=raw,if=virtio,cache=unsafe", "-drive", $"file={scratch},format=raw,if=virtio,cache=unsafe",
            "-append", "console=ttyS0 quiet panic=-1 oops=panic clearcpuid=141",
        ];
        try
        {
            Command.Run(qemu, arguments, limit).EnsureSuccess();
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"the guest with {kernel.Release} took more than {limit}\n{ReadConsole(console)}", timeout);
        }

        string output = Path.Combine(directory, "out");
        Directory.CreateDirectory(output);
        try
        {
            TarFile.ExtractToDirectory(results, output, overwriteFiles: true);
        }
        catch (InvalidDataException damaged)
        {
            throw new InvalidDataException($"the guest with {kernel.Release} left no results\n{ReadConsole(console)}", damaged);
        }

        File.Delete(initramfs);
        File.Delete(results);
        File.Delete(scratch);
        return new GuestResult(output, ReadConsole(console));
    }

    private static string ReadConsole(string path) => File.Exists(path) ? File.ReadAllText(path) : "(it wrote nothing)";

    private static void CreateDisk(string path, long bytes)
    {
        using FileStream file = File.Create(path);
        file.SetLength(bytes);
    }
}
