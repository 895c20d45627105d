using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a program finds at its hook: arguments by name and number, the result, registers, and how memory is to be read.</summary>
internal abstract class HookContext(HookReference hook, ProbeTarget target)
{
    public HookReference Hook { get; } = hook;

    public ProbeTarget Target { get; } = target;

    /// <summary>What kind of program it becomes.</summary>
    public abstract ProgramKind Kind { get; }

    /// <summary>What it attaches to.</summary>
    public virtual string AttachTarget => Hook.Target;

    /// <summary>How pointers from the hook are read.</summary>
    public virtual MemoryAccess Space => Hook.Kind.IsUser() ? MemoryAccess.User : MemoryAccess.Kernel;

    /// <summary>Names that may follow <c>args.</c>.</summary>
    public virtual IReadOnlyList<string> ArgumentNames => [];

    /// <summary>The name of the function, where there is one and it is known.</summary>
    public virtual string? FunctionName => null;

    /// <summary>Whether pt_regs are at hand.</summary>
    public virtual bool HasRegisters => false;

    /// <summary>An argument by name; null if there is none of the name.</summary>
    public virtual Operand? Argument(string name) => null;

    /// <summary>An argument by number; null if there is none.</summary>
    public virtual Operand? Argument(int index, TextSpan span) => null;

    /// <summary>The result; null where there is none.</summary>
    public virtual Operand? Result(TextSpan span) => null;

    /// <summary>Why an argument is not there, and what is.</summary>
    public abstract string MissingArgument(string name);

    /// <summary>Why there is no <c>argN</c> of a number.</summary>
    public virtual string MissingArgument(int index) => $"{Hook} has no arg{index}";

    /// <summary>Why there is no result.</summary>
    public virtual string MissingResult => Hook.Kind switch
    {
        HookKind.Kprobe => $"a kprobe is at the entry of a function, which has no result yet; take kretprobe:{Hook.Target}",
        HookKind.Fentry => $"fentry is at the entry of a function, which has no result yet; take fexit:{Hook.Target}",
        HookKind.Uprobe => $"a uprobe is at the entry of a function, which has no result yet; take uretprobe:{Hook.Scope}:{Hook.Target}",
        HookKind.Tracepoint => $"{Hook} has no result; the field may be called args.ret",
        _ => $"{Hook} has no result",
    };

    /// <summary>A register; null if there is none of the name.</summary>
    public Operand? Register(string name) => HasRegisters && Registers.TryFind(Target.Architecture, name, out int offset)
        ? new ValueOperand(new ContextRead(offset, 8, ProbeType.U64)) { Space = Space }
        : null;

    /// <summary>A value of 8 bytes in the context, cut to its type.</summary>
    protected Operand Slot(int offset, TypeRef? type, bool trusted)
    {
        if (type is not { } known)
            return new ValueOperand(new ContextRead(offset, 8, ProbeType.U64)) { Space = Space };
        return ContextValues.Slot(offset, known, Space, trusted);
    }

    protected static string Listed(IReadOnlyList<string> names, string none) => names.Count == 0
        ? none
        : $"it has {string.Join(", ", names.Take(24))}{(names.Count > 24 ? $" and {names.Count - 24} more" : "")}";
}
