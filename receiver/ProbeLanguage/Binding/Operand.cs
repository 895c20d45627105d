namespace EbpfReceiver.ProbeLanguage;

/// <summary>A part of an expression on its way to a <see cref="TypedExpression"/>: a value, or an object that is not loaded yet.</summary>
internal abstract record Operand
{
    /// <summary>Its type in the kernel's words, where it has one.</summary>
    public TypeRef? Type { get; init; }
}
