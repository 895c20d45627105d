namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// A field of an object. Scalars are loaded; text is read up to its NUL (at most the size of the type); an IPv6 address is copied.
/// </summary>
/// <param name="Address">Address of the object; 0 gives 0.</param>
/// <param name="Offset">Bytes from there.</param>
/// <param name="Access">How it is read. <see cref="MemoryAccess.Direct"/> needs a base that is a typed pointer, and is for scalars.</param>
/// <param name="Type">Type of the field; of a bit field, the type of its value.</param>
/// <param name="Bits">For a bit field: where it is in the integer of <paramref name="LoadSize"/> bytes.</param>
/// <param name="LoadSize">Bytes that are loaded for a bit field; 0 for other fields: the size of the type.</param>
/// <param name="IsTypedPointer">Read directly, it is again a pointer that the verifier has a type for.</param>
public sealed record MemoryRead(
    TypedExpression Address, int Offset, MemoryAccess Access, ProbeType Type, BitField? Bits = null, int LoadSize = 0,
    bool IsTypedPointer = false) : TypedExpression(Type);
