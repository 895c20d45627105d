using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Bpf;

/// <summary>The CPUs that run, looked at again and again: nothing is allocated while they stay the same. Not thread-safe.</summary>
internal sealed class OnlineCpus(string path = OnlineCpus.KernelPath) : IDisposable
{
    public const string KernelPath = "/sys/devices/system/cpu/online";
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    private readonly byte[] _text = new byte[4096]; // a page is the most that a file of sysfs has
    private readonly byte[] _before = new byte[4096];
    private int _length;
    private int[] _online = [];

    /// <summary>Reads the list again.</summary>
    /// <returns>True if it is another one than before.</returns>
    /// <exception cref="BpfFormatException">It is none.</exception>
    public bool HasChanged(out int[] online)
    {
        var length = RandomAccess.Read(_file, _text, 0);
        var text = _text.AsSpan(0, length);
        if (text.SequenceEqual(_before.AsSpan(0, _length)))
        {
            online = _online;
            return false;
        }

        text.CopyTo(_before);
        _length = length;
        online = _online = CpuList.Parse(Encoding.ASCII.GetString(text));
        return true;
    }

    public void Dispose() => _file.Dispose();
}
