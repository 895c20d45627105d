namespace EbpfReceiver.Bpf;

/// <summary>A place in the code of a <see cref="BpfAssembler"/> that jumps may go to.</summary>
public readonly record struct BpfLabel
{
    internal BpfLabel(int index) => Index = index;

    internal int Index { get; }
}
