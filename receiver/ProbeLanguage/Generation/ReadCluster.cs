namespace EbpfReceiver.ProbeLanguage;

/// <summary>Fields of one object that lie so close together that one read takes them all.</summary>
/// <param name="Address">The object.</param>
/// <param name="Access">How it is read.</param>
/// <param name="Start">Offset of the first field.</param>
/// <param name="Size">Bytes to the end of the last.</param>
internal sealed record ReadCluster(TypedExpression Address, MemoryAccess Access, int Start, int Size);
