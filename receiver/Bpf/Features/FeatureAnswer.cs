using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>What trying something came to, before it is known what it is called.</summary>
internal readonly record struct FeatureAnswer(FeatureAvailability Availability, string Reason)
{
    public static FeatureAnswer Yes(string reason) => new(FeatureAvailability.Yes, reason);

    public static FeatureAnswer No(string reason) => new(FeatureAvailability.No, reason);

    public static FeatureAnswer Unknown(string reason) => new(FeatureAvailability.Unknown, reason.TrimEnd());

    /// <summary>By the result of a call: yes if it is not negative.</summary>
    /// <param name="result">The result, or minus the errno.</param>
    /// <param name="seen">What a success shows, as "the map can be made".</param>
    public static FeatureAnswer Of(long result, string seen)
    {
        if (result >= 0)
            return Yes($"{char.ToUpperInvariant(seen[0])}{seen.AsSpan(1)}.");
        var reason = $"The kernel answers {BpfSyscallException.NameOf((int)-result)}. {Advice(result)}".TrimEnd();
        // Whoever may not try, or has no memory to, does not know; whoever may, and is refused, can't use it.
        var isUntried = Syscall.ErrorOf(result) switch
        {
            Errno.EPERM or Errno.EACCES => !CapabilitySet.OfThisProcess().CanTrace,
            Errno.ENOMEM => true,
            _ => false,
        };
        return isUntried ? Unknown(reason) : No(reason);
    }

    public static string Advice(long result) => Syscall.ErrorOf(result) switch
    {
        Errno.EPERM or Errno.EACCES => PermissionAdvice.ForTracing(),
        Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOTSUPP or Errno.ENOSYS or Errno.E2BIG =>
            "It is older than this feature, or was built without it.",
        Errno.ENOMEM => "There was not enough memory to try it.",
        _ => "",
    };
}
