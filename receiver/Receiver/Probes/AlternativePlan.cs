using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes;

/// <summary>One way to attach a hook: programs that all have to attach.</summary>
/// <param name="Name">Its name within the hook.</param>
/// <param name="Programs">Its programs, in the order of the file.</param>
internal sealed record AlternativePlan(string Name, IReadOnlyList<ProgramSpec> Programs)
{
    /// <summary>The kind of its first program.</summary>
    public ProgramKind Kind => Programs[0].Kind;
}
