namespace EbpfReceiver.Bpf;

/// <summary>What a relocation comes to against one kernel, before its instruction is changed.</summary>
internal sealed record CoreResolution
{
    /// <summary>The C expression it is about.</summary>
    internal required string Subject { get; init; }

    /// <summary>What the object's own types say.</summary>
    internal required FieldFacts Local { get; init; }

    /// <summary>What the kernel's types say; null if they have no such thing and there is no value that says so.</summary>
    internal FieldFacts? Target { get; init; }

    /// <summary>The kernel's type that was matched; 0 if none was.</summary>
    internal uint TargetTypeId { get; init; }

    /// <summary>Why <see cref="Target"/> is null, or why loads and stores of the field can't be adapted.</summary>
    internal string? Problem { get; init; }

    /// <summary>True if the field has another size on this kernel and is not of a kind that may be loaded with that.</summary>
    internal bool ForbidsAccess { get; init; }

    /// <summary>Why linking can't go on.</summary>
    internal string? Error { get; init; }
}
