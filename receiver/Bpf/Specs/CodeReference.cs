namespace EbpfReceiver.Bpf;

/// <summary>What one instruction refers to: a map (or a place in its value), a function, something of the kernel, or nothing.</summary>
internal readonly record struct CodeReference(string? Map, int ValueOffset, ObjectFunction? Function, ExternSpec? Extern = null);
