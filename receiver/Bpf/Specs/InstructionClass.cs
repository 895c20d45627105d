namespace EbpfReceiver.Bpf;

/// <summary>The lowest three bits of an opcode.</summary>
internal enum InstructionClass : byte
{
    Load = 0,
    LoadRegister = 1,
    Store = 2,
    StoreRegister = 3,
    Arithmetic32 = 4,
    Jump = 5,
    Jump32 = 6,
    Arithmetic64 = 7,
}
