namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>A value that an attribute of an enumerated type can have.</summary>
/// <param name="Id">Its name in the registry.</param>
/// <param name="Value">The value on the wire.</param>
/// <param name="Brief">What it means.</param>
public sealed record AttributeMember(string Id, string Value, string Brief);
