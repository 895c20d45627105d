namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// What the kernel hands to the program: a register of pt_regs (kprobe, uprobe), an argument of a raw tracepoint or trampoline
/// (offset 8 * n), a field of a tracepoint's record.
/// </summary>
/// <param name="Offset">Bytes from the start of the context.</param>
/// <param name="Width">Bytes that are loaded: 8 for registers and raw arguments whatever the type; the value is cut to the type.</param>
/// <param name="Type">Type of the value, a scalar.</param>
/// <param name="IsTypedPointer">The verifier knows what it points to (tp_btf, fentry, fexit): <see cref="MemoryAccess.Direct"/> may
/// follow.</param>
public sealed record ContextRead(int Offset, int Width, ProbeType Type, bool IsTypedPointer = false) : TypedExpression(Type);
