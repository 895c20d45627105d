namespace EbpfReceiver.CodeGeneration;

/// <summary>A field of a struct.</summary>
/// <param name="CName">Name in C.</param>
/// <param name="Name">Name in C#.</param>
/// <param name="CType">Type in C, for the documentation.</param>
/// <param name="Type">Type in C#.</param>
/// <param name="Offset">Bytes from the start of the struct.</param>
/// <param name="Size">Bytes.</param>
internal sealed record FieldLayout(string CName, string Name, string CType, string Type, uint Offset, uint Size);
