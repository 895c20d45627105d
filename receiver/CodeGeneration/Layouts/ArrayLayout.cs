namespace EbpfReceiver.CodeGeneration;

/// <summary>An array of a fixed length.</summary>
/// <param name="Name">Name in C#.</param>
/// <param name="Element">Type of an element in C#.</param>
/// <param name="Length">Number of elements.</param>
internal sealed record ArrayLayout(string Name, string Element, uint Length);
