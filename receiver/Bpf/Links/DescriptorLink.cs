using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>A link that is one descriptor, as most are.</summary>
internal sealed class DescriptorLink(FileDescriptor descriptor, string description, Action? afterClose = null) : BpfLink(description)
{
    private protected override FileDescriptor Kernel => descriptor;

    private protected override void Detach()
    {
        descriptor.Dispose();
        afterClose?.Invoke();
    }
}
