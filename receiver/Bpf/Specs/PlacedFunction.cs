namespace EbpfReceiver.Bpf;

/// <summary>A function in a linked program.</summary>
/// <param name="Function">The function.</param>
/// <param name="Start">Its first instruction in the program.</param>
internal readonly record struct PlacedFunction(ObjectFunction Function, int Start);
