namespace EbpfReceiver.Bpf;

/// <summary>An array type.</summary>
/// <param name="ElementTypeId">Type of an element.</param>
/// <param name="IndexTypeId">Type of the index; of no consequence.</param>
/// <param name="Count">Number of elements; 0 for a flexible array.</param>
public readonly record struct BtfArray(uint ElementTypeId, uint IndexTypeId, uint Count);
