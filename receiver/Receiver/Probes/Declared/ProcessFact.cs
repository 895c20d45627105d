using EbpfReceiver.Identity;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// An attribute that the kernel does not know but the receiver does: a probe gives the id of the process, and the name of the attribute says what
/// of the process is meant.
/// </summary>
internal sealed class ProcessFact
{
    /// <summary>The attribute with the container of a process.</summary>
    public const string ContainerId = "container.id";

    private static readonly Dictionary<string, ProcessFact> Facts = new(StringComparer.Ordinal)
    {
        [ContainerId] = new(p => p.ContainerId),
        ["k8s.pod.uid"] = new(p => p.PodUid),
        ["service.name"] = new(p => p.ServiceName),
        ["process.executable.name"] = new(p => p.ExecutableName),
        ["process.executable.path"] = new(p => p.ExecutablePath.Length > 0 ? p.ExecutablePath : null),
        ["process.command"] = new(p => p.Arguments.Length > 0 ? p.Arguments[0] : null),
    };

    private readonly Func<ProcessDescription, string?> _of;

    private ProcessFact(Func<ProcessDescription, string?> of) => _of = of;

    /// <summary>The fact that an attribute asks for; null if it is none.</summary>
    public static ProcessFact? Of(string attribute) => Facts.GetValueOrDefault(attribute);

    /// <summary>What is known of a process; nothing if the attribute does not apply to it, or it is gone and was never seen.</summary>
    public DecodedValue Find(int pid, IdentityTable? identity) =>
        identity?.DescribeLatest(pid) is { } process && _of(process) is { Length: > 0 } text ? DecodedValue.Of(text) : DecodedValue.None;
}
