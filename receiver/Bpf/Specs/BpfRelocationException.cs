namespace EbpfReceiver.Bpf;

/// <summary>A program refers to something that can't be resolved: a map, a call, or a type of the running kernel.</summary>
public sealed class BpfRelocationException : BpfException
{
    /// <summary>Makes an exception from a sentence that names the program and what it refers to.</summary>
    public BpfRelocationException(string program, string message) : base(message) => Program = program;

    /// <summary>Name of the program that could not be linked.</summary>
    public string Program { get; }

    /// <summary>What each CO-RE relocation of the program came to, those that were refused among them; empty if it is not about
    /// them.</summary>
    public IReadOnlyList<RelocationResult> Relocations { get; init; } = [];
}
