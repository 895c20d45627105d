using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionBinder
{
    private Operand BindName(NameSyntax name)
    {
        if (FindLet(name.Name) is { } let)
            return BindLet(let, name);
        if (BindBuiltin(name.Name, name.Span) is { } builtin)
            return builtin;
        if (BuiltinNames.TryArgument(name.Name, out int index))
            return _context.Argument(index, name.Span) ?? throw new BindingException(name.Span, _context.MissingArgument(index), isMissing: true);
        switch (name.Name)
        {
            case "retval":
                return BindResult(name.Span);
            case "duration":
                return _role == HookRole.End
                    ? new ValueOperand(new DurationExpression()) { IsTime = true }
                    : throw new BindingException(name.Span, _role == HookRole.Start
                        ? "the duration is known at the end only"
                        : "duration is the time from start to end, and this probe has one event; it needs on: { start: [...], end: [...] }");
            case "args":
                throw new BindingException(name.Span, _context.ArgumentNames.Count > 0
                    ? $"args is all arguments; one of them is args.{_context.ArgumentNames[0]}"
                    : _context.MissingArgument("x"));
            case "ctx":
                throw new BindingException(name.Span, $"ctx is the registers; one of them is ctx.{Registers.Names(Target.Architecture).First()}");
            case "ns":
                throw new BindingException(name.Span, "ns is the namespaces of the thread: ns.mnt, ns.pid, ns.net, ns.user, ns.uts, ns.ipc, ns.cgroup");
            case "start" or "end":
                throw new BindingException(name.Span, $"{name.Name} is what is known at the {name.Name}: {name.Name}.args.x, {name.Name}.comm");
            case "true" or "false":
                return new ValueOperand(new ConstantExpression(name.Name == "true" ? 1 : 0, ProbeType.Boolean));
        }

        if (WellKnownConstants.TryGet(name.Name, out long constant))
            return new ValueOperand(new ConstantExpression(constant, ProbeType.I64)) { IsLiteral = true };
        if (Target.Names.TryEnumerator(name.Name, out TypeRef type, out long value))
            return new ValueOperand(new ConstantExpression(value, ProbeType.I64)) { IsLiteral = true, Type = type };
        throw new BindingException(name.Span, UnknownName(name.Name), isMissing: IsEnumeratorLike(name.Name));
    }

    private string UnknownName(string name)
    {
        if (_context.ArgumentNames.Contains(name))
            return $"\"{name}\" is not known; the argument is args.{name}";
        switch (name)
        {
            case "arg" or "ret" or "return":
                return $"\"{name}\" is not known; {(name == "arg" ? "arguments are args.name or arg0, arg1, ..." : "the result is retval")}";
            case "kstack" or "ustack" or "stack":
                return $"{name} is reserved until there is a profiler";
            case ['$', ..]:
                return $"\"{name}\" is not known; names have no $ here, and let gives them to expressions";
            case "elapsed":
                return "elapsed is bpftrace's; ktime is the time since boot, duration that of a pair";
            case "username":
                return "username is bpftrace's; here it is uid";
            case "ppid" or "pcomm":
                return $"{name} is bpftrace's; here it is curtask.real_parent.{(name == "ppid" ? "tgid" : "comm")}";
            case "cpid" or "numaid" or "ncpus" or "jiffies" or "usermode":
                return $"{name} is bpftrace's and is not taken";
            case ['s', 'a', 'r', 'g', >= '0' and <= '9']:
                return $"{name} is bpftrace's; here the arguments on the stack go on behind those in registers, from arg{Registers.ArgumentCount(Target.Architecture)}";
            case "curpid" or "pid_t":
                return "\"pid\" is the process, \"tid\" the thread";
        }

        // Enumerators are searched last: there are 20,000 of them.
        IEnumerable<string> near = [.. BuiltinNames.All, .. _lets.Select(l => l.Name), .. _context.ArgumentNames.Select(a => "args." + a), "retval", "duration", .. WellKnownConstants.Names];
        string suggestion = NearestNames.Suggest(name, near);
        if (suggestion.Length == 0 && IsEnumeratorLike(name))
            suggestion = NearestNames.SuggestAmongMany(name, Target.Names.Enumerators);
        return IsEnumeratorLike(name)
            ? $"\"{name}\" is neither a built-in nor an enumerator of this kernel's types{suggestion}"
            : $"\"{name}\" is not known{(suggestion.Length > 0 ? suggestion : $"; there are {string.Join(", ", BuiltinNames.All.Take(12))}, args.x, arg0, retval, and what let names")}";
    }

    private static bool IsEnumeratorLike(string name) => name.Length > 2 && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    private ValueOperand BindLet(LetDefinition let, NameSyntax name)
    {
        if (_boundLets.TryGetValue(let.Name, out ValueOperand? known))
            return known;
        if (!_openLets.Add(let.Name))
            throw new BindingException(name.Span, $"{let.Name} is defined by itself");
        ValueOperand bound = Bind(let.Expression);
        _openLets.Remove(let.Name);
        // Constants and texts stay as they are, so that they still take the type of what they meet.
        ValueOperand named = bound.IsLiteral ? bound : bound with { Expression = new LetExpression(let.Name, bound.Expression) };
        return _boundLets[let.Name] = named;
    }

    private Operand BindResult(TextSpan span)
    {
        // A pair can begin with a return: from the return of malloc to the call of free.
        if (_context.Result(span) is { } result)
            return result;
        throw _role == HookRole.Start
            ? new BindingException(span, "the result is known at the end only")
            : new BindingException(span, _context.MissingResult, isMissing: true);
    }

    private Operand? BindBuiltin(string name, TextSpan span)
    {
        static ValueOperand Of(Builtin builtin, ProbeType type) => new(new BuiltinExpression(builtin, type));
        switch (name)
        {
            case "pid" or "tgid":
                return Of(Builtin.ProcessId, ProbeType.U32);
            case "tid":
                return Of(Builtin.ThreadId, ProbeType.U32);
            case "uid":
                return Of(Builtin.UserId, ProbeType.U32);
            case "gid":
                return Of(Builtin.GroupId, ProbeType.U32);
            case "comm":
                return Of(Builtin.ThreadName, ProbeType.Text(16));
            case "cpu":
                return Of(Builtin.Cpu, ProbeType.U32);
            case "ktime" or "nsecs":
                return Of(Builtin.Time, ProbeType.U64) with { IsTime = true };
            case "cgroup_id" or "cgroup":
                return Of(Builtin.CgroupId, ProbeType.U64);
            case "rand":
                return Of(Builtin.Random, ProbeType.U32);
            case "curtask":
                return new ValueOperand(new BuiltinExpression(Builtin.CurrentTask, ProbeType.U64)) { PointsTo = Task(span) };
            case "func":
                if (_context.FunctionName is { } function)
                    return new ValueOperand(new TextConstant(Cut(function, 63), ProbeType.Text(64)));
                if (_context.Kind is not (ProgramKind.KprobeMulti or ProgramKind.KretprobeMulti))
                {
                    throw new BindingException(span, _context.Hook.IsPattern ? NotToldApart() : $"{_context.Hook} is no function", isMissing: true);
                }

                return Of(Builtin.FunctionAddress, ProbeType.U64) with { DefaultDecoder = "ksym" };
            case "probe" when _context is RecordContext { Family: { } family } record:
                ValueOperand number = Load(record.Argument("id")!, span);
                return number with { DefaultSteps = [new("static_map", SystemCalls(family))] };
            case "probe" when _context.Kind is ProgramKind.KprobeMulti or ProgramKind.KretprobeMulti:
                return Of(Builtin.FunctionAddress, ProbeType.U64) with { DefaultSteps = [new("ksym", [new("prefix", HookKinds.NameOf(_context.Hook.Kind) + ":")])] };
            case "probe" when _context.Kind is ProgramKind.UprobeMulti or ProgramKind.UretprobeMulti:
                throw new BindingException(span, NotToldApart(), isMissing: true);
            case "probe":
                return new ValueOperand(new TextConstant(Cut(_context.Hook.Text, 127), ProbeType.Text(128)));
            default:
                return null;
        }
    }

    private string NotToldApart() =>
        $"{_context.Hook} is several functions, which can't be told apart; name them: uprobe:libc.so.6:malloc, uprobe:libc.so.6:calloc";

    private static KeyValuePair<string, string>[] SystemCalls(string family) =>
    [
        .. Enumerable.Range(0, 600).Where(n => SystemCallNames.Of(n) is not null)
            .Select(n => KeyValuePair.Create(n.ToString(CultureInfo.InvariantCulture), family + SystemCallNames.Of(n))),
    ];

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];

    private TypeRef Task(TextSpan span)
    {
        if (Target.Names.FindType("task_struct", BtfKind.Struct) is { } task)
            return task;
        throw new BindingException(span, $"curtask needs the kernel's types, which {Target.Description} does not show", isMissing: true);
    }
}
