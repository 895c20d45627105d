namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// A use of a <see cref="FileDescriptor"/>: it can't be closed, and its number can't be given away, before this ends. The default one holds
/// nothing.
/// </summary>
internal readonly ref struct FileDescriptorLease
{
    private readonly FileDescriptor? _descriptor;

    public FileDescriptorLease(FileDescriptor descriptor)
    {
        var added = false;
        descriptor.DangerousAddRef(ref added);
        _descriptor = descriptor;
    }

    public int Fd => (int)_descriptor!.DangerousGetHandle();

    public void Dispose() => _descriptor?.DangerousRelease();
}
