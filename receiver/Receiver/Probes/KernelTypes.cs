using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes;

/// <summary>
/// The kernel's types, read once and let go when nobody needs them: they take megabytes, and probes are attached rarely after the start.
/// </summary>
internal static class KernelTypes
{
    private static readonly WeakReference<BtfTypes?> Kept = new(null);

    /// <summary>The types; null where the kernel has none, which is said in the log.</summary>
    public static BtfTypes? Of(ILogger log)
    {
        if (Kept.TryGetTarget(out BtfTypes? types)) return types;
        try
        {
            types = BtfTypes.LoadKernel();
            Kept.SetTarget(types);
            return types;
        }
        catch (Exception e) when (e is BpfException or IOException or UnauthorizedAccessException)
        {
            ProbeLog.NoKernelTypes(log, e.Message);
            return null;
        }
    }
}
