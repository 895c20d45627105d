using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A tracepoint by the record that perf sees.</summary>
internal sealed class RecordContext(HookReference hook, ProbeTarget target, IReadOnlyList<TracepointField> fields) : HookContext(hook, target)
{
    private const string Common = "common_";
    private readonly IReadOnlyList<TracepointField> _fields = fields;

    /// <summary>The beginning of the names of the hooks that this one stands for, which end in a system call's name; null for no others.</summary>
    public string? Family { get; init; }

    public override ProgramKind Kind => ProgramKind.Tracepoint;

    public override string AttachTarget => $"{Hook.Scope}/{Hook.Target}";

    // The arguments of system calls are a program's own.
    public override MemoryAccess Space => Hook.Scope is "syscalls" or "raw_syscalls" ? MemoryAccess.User : MemoryAccess.Kernel;

    public override IReadOnlyList<string> ArgumentNames =>
        [.. _fields.Select(f => f.Name).Where(n => !n.StartsWith(Common, StringComparison.Ordinal) && n != "__syscall_nr")];

    public override Operand? Argument(string name)
    {
        foreach (TracepointField field in _fields)
        {
            if (field.Name == name)
                return Of(field);
        }

        return null;
    }

    public override Operand? Argument(int index, TextSpan span) => null;

    // What users of bpftrace write for the result of a system call.
    public override Operand? Result(TextSpan span) =>
        Hook.Scope is "syscalls" or "raw_syscalls" && Hook.Target.StartsWith("sys_exit", StringComparison.Ordinal) ? Argument("ret") : null;

    public override string MissingArgument(string name)
    {
        string suggestion = NearestNames.Suggest(name, ArgumentNames);
        return $"{Hook} has no field {name}{(suggestion.Length > 0 ? suggestion : $"; {Listed(ArgumentNames, "it has none")}")}";
    }

    public override string MissingArgument(int index) => $"fields of a tracepoint's record have names and no numbers: {Listed(ArgumentNames.Select(n => "args." + n).ToArray(), "it has none")}";

    private Operand Of(TracepointField field)
    {
        if (field.Count > 0 || field.Location != TracepointDataLocation.Inline)
            return new RecordOperand(field);
        bool isPointer = field.CType.EndsWith('*');
        if (field.Size is not (1 or 2 or 4 or 8))
            return new RecordOperand(field with { Count = field.Size });
        // Formats of system calls say of all arguments that they have no sign; the type says otherwise of an off_t.
        TypeRef? named = isPointer ? null : CTypes.FindNamed(Target, field.CType);
        bool isSigned = !isPointer && (field.IsSigned || (named is { } of && ContextValues.ScalarOf(of) is { IsSigned: true } scalar && scalar.Size == field.Size));
        ProbeType type = field.CType == "bool" ? ProbeType.Boolean : ProbeType.Integer(field.Size, isSigned);
        return new ValueOperand(RecordTypes.Read(field.Offset, type))
        {
            Type = named,
            PointsTo = isPointer ? CTypes.FindPointee(Target, field.CType) : null,
            Space = Space,
        };
    }
}
