using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A program at work at a place. Disposing it detaches the program and nothing of it stays in the kernel, unless it was pinned.
/// </summary>
public abstract class BpfLink : IDisposable
{
    private int _disposed;

    private protected BpfLink(string description) => Description = description;

    /// <summary>What is attached where and by which means, for people: <c>kprobe tcp_connect (perf_kprobe)</c>.</summary>
    public string Description { get; }

    /// <summary>
    /// What was asked for and left out, a sentence each: the sites of a USDT probe with arguments in forms that are not supported. Empty
    /// for most.
    /// </summary>
    public IReadOnlyList<string> Problems { get; internal set; } = [];

    /// <summary>Whether the kernel has it as a link of its own, which can be asked about and pinned.</summary>
    public bool IsKernelLink => Kernel is not null;

    /// <summary>Whether it has been pinned through this object: then disposing does not detach.</summary>
    public bool IsPinned { get; private set; }

    private protected virtual FileDescriptor? Kernel => null;

    /// <summary>Opens a link that was pinned, by any process.</summary>
    /// <param name="path">Its path below a mounted bpf file system.</param>
    /// <returns>Disposing it closes it; the program stays attached for as long as the path is there.</returns>
    /// <exception cref="BpfException">Nothing is there, or it is no link.</exception>
    public static BpfLink OpenPinned(string path) => LinkPins.Open(path);

    /// <summary>Opens a link of any process by its id, as bpftool shows it.</summary>
    /// <exception cref="BpfSyscallException">There is none (ENOENT), CAP_SYS_ADMIN is missing (EPERM), or the kernel is older than
    /// 5.8 (EINVAL).</exception>
    public static BpfLink OpenById(int id) => LinkPins.OpenById(id);

    /// <summary>Asks the kernel about the link.</summary>
    /// <exception cref="BpfException">It is not a link of the kernel, or the kernel does not answer.</exception>
    public BpfLinkInfo Info() => LinkPins.Info(KernelLink("asked about"), Description);

    /// <summary>
    /// Gives the link a path: the program stays attached when this process ends, until the path is deleted and nobody has it open.
    /// </summary>
    /// <param name="path">A new path below a mounted bpf file system; the directory has to be there.</param>
    /// <exception cref="BpfException">It is not a link of the kernel, or the kernel refuses it.</exception>
    public void Pin(string path)
    {
        LinkPins.Pin(KernelLink("pinned"), Description, path);
        IsPinned = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Detach();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => Description;

    private protected abstract void Detach();

    private FileDescriptor KernelLink(string what) => Kernel ?? throw new BpfException(
        $"{Description} can't be {what}: it is not one link of the kernel (perf events are since Linux 5.15; several events are several).");
}
