using System.Text;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>The types of a kernel module as the kernel itself has them: programs that use the module's functions name them by a
/// descriptor.</summary>
internal static unsafe class ModuleDescriptors
{
    /// <summary>Opens them by going over all BTF the kernel has.</summary>
    /// <exception cref="BpfException">The module has gone, or this process may not look (CAP_SYS_ADMIN).</exception>
    internal static FileDescriptor Open(string module)
    {
        var next = default(ObjectIdAttribute);
        while (true)
        {
            var result = BpfSyscall.Call(BpfCommand.BtfGetNextId, ref next);
            if (Syscall.ErrorOf(result) == Errno.ENOENT)
                throw new BpfException($"The kernel has no types of module {module} (any more).");
            if (result < 0)
                throw Failed("BPF_BTF_GET_NEXT_ID", result, module);

            var id = new ObjectIdAttribute { Id = next.NextId };
            result = BpfSyscall.Call(BpfCommand.BtfGetFdById, ref id);
            next = new ObjectIdAttribute { Id = next.NextId };
            // One that has gone meanwhile.
            if (Syscall.ErrorOf(result) == Errno.ENOENT)
                continue;
            if (result < 0)
                throw Failed("BPF_BTF_GET_FD_BY_ID", result, module);

            var descriptor = FileDescriptor.Adopt(result);
            if (IsOf(descriptor, module))
                return descriptor;
            descriptor.Dispose();
        }
    }

    private static bool IsOf(FileDescriptor descriptor, string module)
    {
        const int most = 64;
        var name = stackalloc byte[most];
        var info = new BtfInfo { Name = (ulong)name, NameLength = most };
        using var lease = descriptor.Lease();
        if (BpfSyscall.GetInfo(lease.Fd, ref info) < 0 || info.IsKernel == 0)
            return false;
        var text = new ReadOnlySpan<byte>(name, most);
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]) == module;
    }

    private static BpfSyscallException Failed(string call, long result, string module) => new(
        $"bpf({call})", (int)-result, $"looking for the types of module {module}",
        Syscall.ErrorOf(result) == Errno.EPERM ? "It takes CAP_SYS_ADMIN." : null);
}
