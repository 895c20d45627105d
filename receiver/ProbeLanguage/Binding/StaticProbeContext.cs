using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A static probe: its notes say where the arguments are, which can differ from site to site.</summary>
internal sealed class StaticProbeContext(HookReference hook, ProbeTarget target, IReadOnlyList<UsdtSite> sites) : HookContext(hook, target)
{
    private const int PageMask = 0xfff;

    public override ProgramKind Kind => ProgramKind.Usdt;

    public override string AttachTarget
    {
        get
        {
            string provider = sites.Count > 0 ? sites[0].Provider : "";
            return Hook.Target.Contains(':') || provider.Length == 0 ? $"{Hook.Scope}:{Hook.Target}" : $"{Hook.Scope}:{provider}:{Hook.Target}";
        }
    }

    public override bool HasRegisters => true;

    public override Operand? Argument(int index, TextSpan span)
    {
        if (sites.Count > 0 && index >= sites.Max(s => s.Arguments.Count))
            return null;
        if (sites.Count == 0)
            throw new BindingException(span, $"the arguments of {Hook} are described in its file, which is not here", isMissing: true);

        // Sites that differ are told apart by where they are in their page, which address randomisation does not change.
        var distinct = sites.Where(s => index < s.Arguments.Count).GroupBy(s => s.Arguments[index] with { Problem = null }).ToList();
        if (distinct.SelectMany(g => g).FirstOrDefault(s => s.Arguments[index].Problem is not null) is { } bad)
            throw new BindingException(span, $"arg{index} of {Hook} can't be read: {bad.Arguments[index].Problem}", isMissing: true);
        TypedExpression result = Read(distinct[0].Key);
        bool signed = distinct[0].Key.IsSigned;
        if (distinct.Count > 1)
        {
            if (distinct.Count > 16 || Ambiguous(distinct))
                throw new BindingException(span, $"arg{index} is in other places at other sites of {Hook}, which can't be told apart", isMissing: true);
            ProbeType wide = signed ? ProbeType.I64 : ProbeType.U64;
            result = new CastExpression(result, wide);
            foreach (var group in distinct.Skip(1))
            {
                foreach (UsdtSite site in group)
                    result = new ConditionalExpression(IsAt(site), new CastExpression(Read(group.Key), wide), result);
            }
        }

        return new ValueOperand(result) { Space = MemoryAccess.User };
    }

    public override string MissingArgument(string name) => $"arguments of static probes have no names; take arg0, arg1, ...";

    public override string MissingArgument(int index)
    {
        int count = sites.Count == 0 ? 0 : sites.Max(s => s.Arguments.Count);
        return $"{Hook} has {count} argument{(count == 1 ? "" : "s")}, the first of which is arg0";
    }

    // Attaching may be one byte further on, where a nop of five bytes follows one of one.
    private BinaryExpression IsAt(UsdtSite site)
    {
        Registers.TryFind(Target.Architecture, "ip", out int ip);
        TypedExpression at = new ContextRead(ip, 8, ProbeType.U64);
        TypedExpression distance = new BinaryExpression(
            BinaryOperator.And,
            new BinaryExpression(BinaryOperator.Subtract, at, new ConstantExpression((long)(site.FileOffset & PageMask), ProbeType.U64), ProbeType.U64),
            new ConstantExpression(PageMask, ProbeType.U64), ProbeType.U64);
        return new(BinaryOperator.LessOrEqual, distance, new ConstantExpression(1, ProbeType.U64), ProbeType.Boolean);
    }

    private static bool Ambiguous(List<IGrouping<UsdtArgument, UsdtSite>> groups)
    {
        var seen = new Dictionary<ulong, int>();
        for (int i = 0; i < groups.Count; i++)
        {
            foreach (UsdtSite site in groups[i])
            {
                for (ulong shift = 0; shift < 2; shift++)
                {
                    ulong place = (site.FileOffset + shift) & PageMask;
                    if (seen.TryGetValue(place, out int other) && other != i)
                        return true;
                    seen[place] = i;
                }
            }
        }

        return false;
    }

    private static TypedExpression Read(in UsdtArgument argument)
    {
        ProbeType type = ProbeType.Integer(argument.Size, argument.IsSigned);
        switch (argument.Kind)
        {
            case UsdtArgumentKind.Constant:
                return new CastExpression(new ConstantExpression(argument.Value, ProbeType.I64), type);
            case UsdtArgumentKind.Register:
                return new ContextRead(argument.RegisterOffset, 8, type);
            case UsdtArgumentKind.Memory:
                return new MemoryRead(
                    Plus(new ContextRead(argument.RegisterOffset, 8, ProbeType.U64), argument.Value), 0, MemoryAccess.User, type);
            default:
                TypedExpression index = new BinaryExpression(
                    BinaryOperator.ShiftLeft, new ContextRead(argument.IndexRegisterOffset, 8, ProbeType.U64),
                    new ConstantExpression(argument.Scale, ProbeType.U64), ProbeType.U64);
                TypedExpression address = new BinaryExpression(
                    BinaryOperator.Add, new ContextRead(argument.RegisterOffset, 8, ProbeType.U64), index, ProbeType.U64);
                return new MemoryRead(Plus(address, argument.Value), 0, MemoryAccess.User, type);
        }
    }

    private static TypedExpression Plus(TypedExpression address, long offset) => offset == 0
        ? address
        : new BinaryExpression(BinaryOperator.Add, address, new ConstantExpression(offset, ProbeType.U64), ProbeType.U64);
}
