namespace EbpfReceiver.CodeGeneration;

/// <summary>A layout that can't be mirrored in C#, or that objects do not agree on.</summary>
internal sealed class LayoutException(string message) : Exception(message);
