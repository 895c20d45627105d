using System.Text;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>BPF_BTF_LOAD of an object's own types, which describe its maps, functions and source lines to the kernel.</summary>
internal static unsafe class ObjectTypes
{
    private const int LogSize = 64 << 10;

    /// <summary>Loads them; if the kernel does not know a kind of type, in the words of older kernels.</summary>
    /// <param name="types">The types.</param>
    /// <param name="problem">Why the kernel refuses them, or null.</param>
    /// <returns>Null if the kernel refuses them in either form.</returns>
    public static FileDescriptor? Load(BtfTypes types, out string? problem)
    {
        MemoryAccounting.Prepare();
        types = ExternTypes.Without(types);
        if (LoadAsIs(types, out problem) is { } loaded)
            return loaded;
        loaded = LoadAsIs(OlderTypes.Of(types), out _);
        if (loaded is not null)
            problem = null;
        return loaded;
    }

    internal static FileDescriptor? LoadAsIs(BtfTypes types, out string? problem)
    {
        problem = null;
        fixed (byte* image = types.Image.Span)
        {
            var attribute = new BtfLoadAttribute { Btf = (ulong)image, Size = (uint)types.Image.Length };
            var result = BpfSyscall.Call(BpfCommand.BtfLoad, ref attribute);
            if (result >= 0)
                return FileDescriptor.Adopt(result);

            var log = new byte[LogSize];
            fixed (byte* buffer = log)
            {
                attribute.LogBuffer = (ulong)buffer;
                attribute.LogSize = LogSize;
                attribute.LogLevel = 1;
                var again = BpfSyscall.Call(BpfCommand.BtfLoad, ref attribute);
                if (again >= 0)
                    return FileDescriptor.Adopt(again);
            }

            var end = Array.IndexOf(log, (byte)0);
            var text = Encoding.UTF8.GetString(log, 0, end < 0 ? log.Length : end).TrimEnd();
            problem = $"The kernel refuses the object's types with {BpfSyscallException.NameOf((int)-result)}: "
                + $"{text[(text.LastIndexOf('\n') + 1)..]}";
            return null;
        }
    }
}
