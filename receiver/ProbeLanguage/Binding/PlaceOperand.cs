namespace EbpfReceiver.ProbeLanguage;

/// <summary>An object in memory: a struct, an array, a field that is not loaded yet.</summary>
/// <param name="Address">Address of the object that it is in.</param>
/// <param name="Offset">Bytes from there.</param>
/// <param name="Space">How it is read; <see cref="MemoryAccess.Direct"/> through a pointer that the verifier has a type for.</param>
/// <param name="Bits">Of a bit field: bits from the offset, and their number.</param>
internal sealed record PlaceOperand(TypedExpression Address, long Offset, MemoryAccess Space, (int Start, int Width)? Bits = null) : Operand
{
    /// <summary>The name of the field, which tells addresses from numbers.</summary>
    public string FieldName { get; init; } = "";
}
