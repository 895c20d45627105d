namespace EbpfReceiver.Probes;

/// <summary>Why a probe is not what it should be, in sentences for a person.</summary>
/// <param name="Hook">The hook that is concerned; empty if it is the probe as a whole.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Remedy">What can be done about it, if anything can.</param>
/// <param name="MinimumKernel">The first kernel on which it would work, such as <c>5.5</c>, if the kernel's age is the cause.</param>
public sealed record ProbeReason(string Hook, string Text, string? Remedy = null, string? MinimumKernel = null);
