using System.Diagnostics;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>
/// A real file system, ext2 on a loop device, that a test can fill, freeze, or make fail: its image lies on another small file system in
/// memory, and when that is full the device fails to write.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("disk-").FullName;
    private bool _frozen;

    /// <param name="mebibytes">What the file system believes it has.</param>
    /// <param name="backing">What there really is for it; less makes the device fail.</param>
    public SmallDisk(int mebibytes, int backing)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting needs root");
        Directory.CreateDirectory(Host);
        Directory.CreateDirectory(Path);
        Run("mount", "-t", "tmpfs", "-o", $"size={backing}m", "tmpfs", Host);
        using (FileStream image = File.Create(Image))
            image.SetLength(mebibytes * 1024L * 1024);
        // A machine without loop devices can't run these.
        (int code, string error) = TryRun("mkfs.ext2", "-q", "-F", "-m", "0", Image);
        Assert.SkipUnless(code == 0, error);
        (code, error) = TryRun("mount", "-o", "loop,errors=continue", Image, Path);
        if (code != 0)
            Dispose();
        Assert.SkipUnless(code == 0, error);
    }

    public string Path => System.IO.Path.Combine(_root, "disk");

    private string Host => System.IO.Path.Combine(_root, "host");

    private string Image => System.IO.Path.Combine(Host, "image");

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Leaves no room.</summary>
    public void Fill()
    {
        using FileStream ballast = File.Create(Ballast);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                ballast.Write(block);
                ballast.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as it should be.
        }
    }

    public void Empty() => File.Delete(Ballast);

    /// <summary>
    /// Mounts it anew, as soon as nobody writes to it: a program that a test beside this one starts has our files, too, until it is
    /// executed.
    /// </summary>
    public void Remount(string mode)
    {
        for (int attempt = 1; ; attempt++)
        {
            (int code, string error) = TryRun("mount", "-o", $"remount,{mode}", Path);
            if (code == 0)
                return;
            Assert.True(attempt < 500 && error.Contains("busy", StringComparison.Ordinal), error);
            Thread.Sleep(50);
        }
    }

    /// <summary>Takes the room away that the image still needs.</summary>
    public void FillBacking()
    {
        (int code, _) = TryRun("dd", "if=/dev/zero", $"of={System.IO.Path.Combine(Host, "ballast")}", "bs=64k");
        Assert.NotEqual(0, code);
    }

    public void EmptyBacking() => File.Delete(System.IO.Path.Combine(Host, "ballast"));

    /// <summary>Every write hangs until <see cref="Thaw"/>.</summary>
    public void Freeze()
    {
        Run("fsfreeze", "-f", Path);
        _frozen = true;
    }

    public void Thaw()
    {
        if (_frozen)
            Run("fsfreeze", "-u", Path);
        _frozen = false;
    }

    public void Dispose()
    {
        Thaw();
        TryRun("umount", "-l", Path);
        TryRun("umount", "-l", Host);
        Directory.Delete(_root, recursive: true);
    }

    private static void Run(string program, params string[] arguments)
    {
        (int code, string error) = TryRun(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {error}");
    }

    private static (int Code, string Error) TryRun(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
