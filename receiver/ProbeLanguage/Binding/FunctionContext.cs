using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A kernel function, at its entry or return; its prototype is known from BTF, or not.</summary>
internal sealed class FunctionContext : HookContext
{
    private readonly TypeRef? _prototype;
    private readonly List<(string Name, uint Type)> _parameters = [];
    private readonly bool _isMulti;

    public FunctionContext(HookReference hook, ProbeTarget target, TypeRef? prototype, bool isMulti = false)
        : base(hook, target)
    {
        _prototype = prototype;
        _isMulti = isMulti;
        if (prototype is not { } found)
            return;
        BtfType type = found.Types[found.Id];
        for (int i = 0; i < type.Count; i++)
            _parameters.Add((type.Parameter(i).Name, type.Parameter(i).TypeId));
    }

    public override ProgramKind Kind => Hook.Kind switch
    {
        HookKind.Kprobe => _isMulti ? ProgramKind.KprobeMulti : ProgramKind.Kprobe,
        HookKind.Kretprobe => _isMulti ? ProgramKind.KretprobeMulti : ProgramKind.Kretprobe,
        HookKind.Fentry => ProgramKind.Fentry,
        _ => ProgramKind.Fexit,
    };

    public override string AttachTarget => Hook.Offset == 0 ? Hook.Target : $"{Hook.Target}+0x{Hook.Offset:x}";

    // A system call's own function has its arguments from the program.
    public override MemoryAccess Space => IsSyscallBody ? MemoryAccess.User : MemoryAccess.Kernel;

    public override string? FunctionName => _isMulti ? null : Hook.Target;

    public override bool HasRegisters => !IsTrampoline;

    public override IReadOnlyList<string> ArgumentNames => Hook.Kind == HookKind.Kretprobe ? [] : [.. _parameters.Select(p => p.Name).Where(n => n.Length > 0)];

    private bool IsTrampoline => Hook.Kind is HookKind.Fentry or HookKind.Fexit;

    private bool IsSyscallBody => Hook.Target.StartsWith("__do_sys_", StringComparison.Ordinal)
        || Hook.Target.StartsWith("__se_sys_", StringComparison.Ordinal) || Hook.Target.StartsWith("ksys_", StringComparison.Ordinal);

    public override Operand? Argument(string name)
    {
        int index = _parameters.FindIndex(p => p.Name == name);
        return index < 0 || Hook.Kind == HookKind.Kretprobe || Hook.Offset != 0 ? null : Argument(index, default);
    }

    public override Operand? Argument(int index, TextSpan span)
    {
        if (Hook.Kind == HookKind.Kretprobe)
            return null;
        TypeRef? type = index < _parameters.Count && _prototype is { } prototype && Hook.Offset == 0 ? prototype.To(_parameters[index].Type) : null;
        if (IsTrampoline)
        {
            if (index >= _parameters.Count)
                return null;
            if (Shape(index) is not { } slot)
                throw new BindingException(span, $"the argument {_parameters[index].Name} of {Hook.Target} is a struct by value, which can't be read", isMissing: true);
            return Slot(slot * 8, type, trusted: true);
        }

        if (_prototype is not null && Hook.Offset == 0 && index >= _parameters.Count)
            return null;
        if (index < Registers.ArgumentCount(Target.Architecture))
            return Slot(Registers.OfArgument(Target.Architecture, index), type, trusted: false);

        // The further ones are on the stack, above the return address on x86-64.
        int place = (index - Registers.ArgumentCount(Target.Architecture)) * 8 + (Target.Architecture == UsdtArchitecture.X64 ? 8 : 0);
        var stack = new ContextRead(Registers.OfStack(Target.Architecture), 8, ProbeType.U64);
        return new PlaceOperand(stack, place, MemoryAccess.Kernel) { Type = type };
    }

    public override Operand? Result(TextSpan span)
    {
        TypeRef? type = _prototype is { } prototype ? prototype.To(prototype.Types[prototype.Id].TargetId) : null;
        if (Hook.Kind is HookKind.Kprobe or HookKind.Fentry)
            return null;
        if (type is { } known && known.Resolved.Kind == BtfKind.Void)
            throw new BindingException(span, $"{Hook.Target} returns nothing (void)");
        if (Hook.Kind == HookKind.Fexit)
        {
            if (Shape(_parameters.Count) is not { } slot)
                throw new BindingException(span, $"{Hook.Target} takes a struct by value, behind which the result can't be found; take kretprobe", isMissing: true);
            return Slot(slot * 8, type, trusted: false);
        }

        int offset = Registers.OfResult(Target.Architecture);
        return type is null ? new ValueOperand(new ContextRead(offset, 8, ProbeType.I64)) : Slot(offset, type, trusted: false);
    }

    public override string MissingArgument(string name)
    {
        if (Hook.Kind == HookKind.Kretprobe)
            return $"a kretprobe is at the return of a function, where its arguments are gone; take fexit:{Hook.Target}, or a pair with start: kprobe:{Hook.Target} and start.args.{name}";
        if (_isMulti)
            return $"{Hook} is many functions, whose arguments have no names in common; take arg0, arg1, ...";
        if (Hook.Offset != 0)
            return $"{Hook} is inside of a function, where arguments may be anywhere; ctx has the registers";
        if (_prototype is null)
            return $"the kernel's types do not describe {Hook.Target}, so its arguments have no names; take arg0, arg1, ...";
        return $"{Hook.Target} has no argument {name}{NearestNames.Suggest(name, ArgumentNames)}{(NearestNames.Find(name, ArgumentNames).Count > 0 ? "" : $"; {Listed(ArgumentNames, "it has none")}")}";
    }

    public override string MissingArgument(int index) => Hook.Kind == HookKind.Kretprobe
        ? MissingArgument($"arg{index}").Replace($"start.args.arg{index}", $"start.arg{index}")
        : $"{Hook.Target} has {_parameters.Count} argument{(_parameters.Count == 1 ? "" : "s")}, the first of which is arg0; {Listed(ArgumentNames, "they have no names")}";

    /// <summary>The slot of an argument in a trampoline's context; null if a struct by value is at or before it.</summary>
    private int? Shape(int index)
    {
        for (int i = 0; i < Math.Min(index + 1, _parameters.Count); i++)
        {
            if (_prototype!.Value.Types.Resolve(_parameters[i].Type).IsComposite)
                return null;
        }

        return index;
    }
}
