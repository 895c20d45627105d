using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A tracepoint by the arguments of its kernel function: trusted (tp_btf) or as plain numbers (raw_tp).</summary>
internal sealed class RawTracepointContext : HookContext
{
    private const int MaxArguments = 12; // of struct bpf_raw_tracepoint_args, as BPF_RAW_TRACEPOINT_OPEN has it
    private readonly TypeRef? _prototype;
    private readonly List<(string Name, uint Type)> _parameters = [];

    public RawTracepointContext(HookReference hook, ProbeTarget target, TypeRef? prototype, IReadOnlyList<string>? names)
        : base(hook, target)
    {
        _prototype = prototype;
        if (prototype is not { } found)
            return;
        BtfType type = found.Types[found.Id];
        // The first is the data that the kernel keeps with a probe, and not an argument.
        for (int i = 1; i < type.Count; i++)
        {
            // Compilers drop names in function types; those of the tracepoint's other function have them.
            string name = type.Parameter(i).Name;
            _parameters.Add((name.Length > 0 ? name : names is not null && i < names.Count ? names[i] : "", type.Parameter(i).TypeId));
        }
    }

    public override ProgramKind Kind => Hook.Kind == HookKind.TpBtf ? ProgramKind.TpBtf : ProgramKind.RawTracepoint;

    public override IReadOnlyList<string> ArgumentNames => [.. _parameters.Select(p => p.Name).Where(n => n.Length > 0)];

    public override Operand? Argument(string name)
    {
        int index = _parameters.FindIndex(p => p.Name == name);
        return index < 0 ? null : Argument(index, default);
    }

    public override Operand? Argument(int index, TextSpan span)
    {
        if (_prototype is not { } prototype)
            return index < MaxArguments ? Slot(index * 8, null, trusted: false) : null;
        return index < _parameters.Count ? Slot(index * 8, prototype.To(_parameters[index].Type), Hook.Kind == HookKind.TpBtf) : null;
    }

    public override string MissingArgument(string name)
    {
        if (_prototype is null)
            return $"the kernel's types do not describe the tracepoint {Hook.Target}, so its arguments have no names; take arg0, arg1, ...";
        if (ArgumentNames.Count == 0 && _parameters.Count > 0)
            return $"the arguments of {Hook.Target} have no names on this kernel; take arg0 to arg{_parameters.Count - 1}: {Types()}";
        string suggestion = NearestNames.Suggest(name, ArgumentNames);
        return $"{Hook} has no argument {name}{(suggestion.Length > 0 ? suggestion : $"; {Listed(ArgumentNames, "it has none")}")}"
            + " (these are the arguments of the kernel's own function; tracepoint:category:name has the fields of the record)";
    }

    public override string MissingArgument(int index) =>
        $"{Hook} has {_parameters.Count} argument{(_parameters.Count == 1 ? "" : "s")}, the first of which is arg0: {Types()}";

    private string Types() => string.Join(", ", _parameters.Select(p => _prototype!.Value.To(p.Type).Name));
}
