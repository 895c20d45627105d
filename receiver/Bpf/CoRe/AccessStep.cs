namespace EbpfReceiver.Bpf;

/// <summary>A step on the way to a field: a named member of a struct, an element of an array, or an enumerator.</summary>
/// <param name="TypeId">Struct or enum that has the member; for an element, the element's type.</param>
/// <param name="Index">Index of the member, enumerator or element.</param>
/// <param name="IsNamed">False for elements of arrays.</param>
internal readonly record struct AccessStep(uint TypeId, uint Index, bool IsNamed);
