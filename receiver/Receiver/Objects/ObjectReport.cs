using EbpfReceiver.Bpf;

namespace EbpfReceiver.Objects;

/// <summary>What a BPF object holds and what becomes of it on a kernel.</summary>
/// <param name="Programs">Its programs, in the order of the file.</param>
/// <param name="Maps">Its maps: those it declares, then its data sections.</param>
/// <param name="Externs">What the kernel is to define.</param>
/// <param name="Error">Why the object as a whole is refused; null if it is not.</param>
internal sealed record ObjectReport(
    IReadOnlyList<ProgramReport> Programs, IReadOnlyList<MapSpec> Maps, IReadOnlyCollection<ExternSpec> Externs, string? Error)
{
    /// <summary>True if the object or one of its programs was refused.</summary>
    public bool IsRefused => Error is not null || Programs.Any(p => p.Error is not null);

    public static ObjectReport Refused(string error) => new([], [], [], error);
}
