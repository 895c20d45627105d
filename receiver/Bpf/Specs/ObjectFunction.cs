namespace EbpfReceiver.Bpf;

/// <summary>A function of an object: a range of a section with code.</summary>
/// <param name="Name">Name of the symbol.</param>
/// <param name="Section">The section it is in.</param>
/// <param name="Start">First instruction, counted from the start of the section.</param>
/// <param name="InstructionCount">Number of its 8-byte instructions.</param>
/// <param name="IsStatic">True if it is local to its object.</param>
internal sealed record ObjectFunction(string Name, CodeSection Section, int Start, int InstructionCount, bool IsStatic)
{
    internal ReadOnlySpan<byte> Instructions => Section.Code.Span.Slice(Start * 8, InstructionCount * 8);
}
