namespace EbpfReceiver.Bpf;

/// <summary>A section with instructions, and all that the object says about places in it.</summary>
internal sealed class CodeSection
{
    internal required int Index { get; init; }

    internal required string Name { get; init; }

    internal required ReadOnlyMemory<byte> Code { get; init; }

    internal required ElfRelocation[] Relocations { get; init; }

    internal required InfoTable FuncInfo { get; init; }

    internal required InfoTable LineInfo { get; init; }

    internal required InfoTable CoreRelocations { get; init; }

    /// <summary>Functions by their first instruction.</summary>
    internal Dictionary<int, ObjectFunction> Functions { get; } = [];
}
