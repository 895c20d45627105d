using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A function of a program or library, at its entry or return: registers only.</summary>
internal sealed class UserFunctionContext(HookReference hook, ProbeTarget target) : HookContext(hook, target)
{
    private bool IsReturn => Hook.Kind == HookKind.Uretprobe;

    public override ProgramKind Kind => (Hook.IsPattern, IsReturn) switch
    {
        (true, false) => ProgramKind.UprobeMulti,
        (true, true) => ProgramKind.UretprobeMulti,
        (false, false) => ProgramKind.Uprobe,
        _ => ProgramKind.Uretprobe,
    };

    public override string AttachTarget => Hook switch
    {
        { Target.Length: 0 } => $"{Hook.Scope}:0x{Hook.Offset:x}",
        { Offset: > 0 } => $"{Hook.Scope}:{Hook.Target}+0x{Hook.Offset:x}",
        _ => $"{Hook.Scope}:{Hook.Target}",
    };

    public override string? FunctionName => Hook.IsPattern ? null : Hook.Target;

    public override bool HasRegisters => true;

    public override Operand? Argument(int index, TextSpan span)
    {
        if (IsReturn)
            return null;
        if (index < Registers.ArgumentCount(Target.Architecture))
            return Slot(Registers.OfArgument(Target.Architecture, index), null, trusted: false);
        int place = (index - Registers.ArgumentCount(Target.Architecture)) * 8 + (Target.Architecture == UsdtArchitecture.X64 ? 8 : 0);
        var stack = new ContextRead(Registers.OfStack(Target.Architecture), 8, ProbeType.U64);
        return new ValueOperand(new MemoryRead(stack, place, MemoryAccess.User, ProbeType.U64)) { Space = MemoryAccess.User };
    }

    public override Operand? Result(TextSpan span) => IsReturn
        ? new ValueOperand(new ContextRead(Registers.OfResult(Target.Architecture), 8, ProbeType.I64)) { Space = MemoryAccess.User }
        : null;

    public override string MissingArgument(string name) => IsReturn
        ? MissingArgument(0)
        : $"arguments of {Hook} have no names, for programs carry no types; take arg0, arg1, ... in the order of the declaration";

    public override string MissingArgument(int index) => IsReturn
        ? "a uretprobe is at the return of a function, where its arguments are gone; take a pair with the uprobe as start, and start.arg0"
        : $"{Hook} has no arg{index}";
}
