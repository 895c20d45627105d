using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// What this kernel turned out not to do with a kind of map, so that it is tried once and not each time. Batches came for hashes and
/// arrays with 5.6, for per-CPU arrays with 5.13, for hashes of maps with 5.15; look-up-and-delete for hashes with 5.14.
/// </summary>
internal static class MapAbilities
{
    private const int Kinds = 64;
    private static readonly bool[] Missing = new bool[64 * Kinds];

    public static bool Has(BpfCommand command, BpfMapType type) => (uint)type >= Kinds || !Volatile.Read(ref Missing[Place(command, type)]);

    /// <summary>
    /// True if the result says that the kernel does not have the operation: ENOTSUPP is remembered, EINVAL is not, since it has
    /// other causes.
    /// </summary>
    public static bool Lacks(BpfCommand command, BpfMapType type, long result)
    {
        switch (Syscall.ErrorOf(result))
        {
            case Errno.ENOTSUPP or Errno.EOPNOTSUPP:
                if ((uint)type < Kinds)
                    Volatile.Write(ref Missing[Place(command, type)], true);
                return true;
            case Errno.EINVAL:
                return true;
            default:
                return false;
        }
    }

    private static int Place(BpfCommand command, BpfMapType type) => (int)command * Kinds + (int)type;
}
