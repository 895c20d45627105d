namespace EbpfReceiver.CodeGeneration;

/// <summary>A struct or union.</summary>
/// <param name="CName">As C writes it, <c>struct process_exec</c>.</param>
/// <param name="Name">Name in C#.</param>
/// <param name="Size">Bytes.</param>
/// <param name="TailOffset">Where a flexible array begins; -1 if there is none.</param>
/// <param name="Fields">Its fields, those of anonymous members among them.</param>
internal sealed record StructLayout(string CName, string Name, uint Size, int TailOffset, IReadOnlyList<FieldLayout> Fields);
