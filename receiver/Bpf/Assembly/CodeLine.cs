namespace EbpfReceiver.Bpf;

/// <summary>A source line that instructions come from.</summary>
/// <param name="Instruction">Index of the first of them.</param>
/// <param name="File">Path of the file.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1; the kernel keeps ten bits.</param>
/// <param name="Text">The line's text.</param>
public readonly record struct CodeLine(int Instruction, string File, int Line, int Column, string Text);
