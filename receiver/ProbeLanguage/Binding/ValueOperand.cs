namespace EbpfReceiver.ProbeLanguage;

/// <summary>A value.</summary>
/// <param name="Expression">The value.</param>
internal sealed record ValueOperand(TypedExpression Expression) : Operand
{
    /// <summary>What it points to, where a cast says so.</summary>
    public TypeRef? PointsTo { get; init; }

    /// <summary>What it points to; null if it is no pointer.</summary>
    public TypeRef? Pointee => PointsTo ?? Type?.Pointee;

    /// <summary>How memory behind it is read, if it is a pointer.</summary>
    public MemoryAccess Space { get; init; } = MemoryAccess.Kernel;

    /// <summary>Whether the verifier knows what it points to.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>Nanoseconds.</summary>
    public bool IsTime { get; init; }

    /// <summary>A number as it was written, which takes the type of what it meets.</summary>
    public bool IsLiteral { get; init; }

    /// <summary>An integer whose bytes are in network order.</summary>
    public bool IsNetworkOrder { get; init; }

    /// <summary>A decoder that it wants where none was written.</summary>
    public string? DefaultDecoder { get; init; }

    /// <summary>Decoders that it wants where none were written.</summary>
    public IReadOnlyList<DecoderStep>? DefaultSteps { get; init; }

    public ProbeType ValueType => Expression.Type;

    public bool IsText => Expression.Type.Kind == ValueKind.Text;
}
