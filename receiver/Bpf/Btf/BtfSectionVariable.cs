namespace EbpfReceiver.Bpf;

/// <summary>A variable in a data section.</summary>
/// <param name="VariableId">Type id of the variable.</param>
/// <param name="Offset">Offset in the section, in bytes.</param>
/// <param name="Size">Bytes of the variable.</param>
public readonly record struct BtfSectionVariable(uint VariableId, uint Offset, uint Size);
