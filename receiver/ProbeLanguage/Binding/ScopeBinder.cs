using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// <c>scope</c> as conditions. What is known now becomes constants; executables, cgroups and containers become sets that user space keeps
/// up while the probe runs.
/// </summary>
internal sealed class ScopeBinder(ScopeDefinition? scope, ProbeTarget target)
{
    private static readonly ExpressionSource Executable = Parse("curtask.mm.exe_file.f_inode.i_ino");

    public IReadOnlyList<BoundSet> Sets { get; } = scope is null ? [] : [.. SetsOf(scope)];

    public List<BoundCondition> Bind(ExpressionBinder binder)
    {
        var result = new List<BoundCondition>();
        if (scope is null)
            return result;
        void Add(string list, TypedExpression? condition)
        {
            if (condition is not null)
                result.Add(new(condition, new(scope.Locations.GetValueOrDefault($"{list}[0]", scope.Location), $"scope: {list}")));
        }

        Add("pids", scope.Pids.Count == 0 ? null : new InListExpression(
            new BuiltinExpression(Builtin.ProcessId, ProbeType.U32), [.. scope.Pids.Select(p => new ConstantExpression(p, ProbeType.U32))]));
        Add("uids", scope.Users.Count == 0 ? null : new InListExpression(
            new BuiltinExpression(Builtin.UserId, ProbeType.U32), [.. scope.Users.Select((u, i) => new ConstantExpression(User(u, i), ProbeType.U32))]));
        Add("comms", Comms());
        if (scope.Binaries.Count > 0)
            Add("binaries", new InSetExpression(binder.Bind(Executable).Expression, "scope_binaries"));
        var cgroup = new BuiltinExpression(Builtin.CgroupId, ProbeType.U64);
        Add("cgroups", scope.Cgroups.Count == 0 ? null : new InSetExpression(cgroup, "scope_cgroups"));
        Add("containers", scope.Containers.Count == 0 ? null : new InSetExpression(cgroup, "scope_containers"));
        return result;
    }

    private TypedExpression? Comms()
    {
        var comm = new BuiltinExpression(Builtin.ThreadName, ProbeType.Text(16));
        TypedExpression? result = null;
        string[] whole = [.. scope!.Comms.Where(c => !c.Contains('*'))];
        if (whole.Length > 0)
            result = new InListExpression(comm, [.. whole.Select(c => new TextConstant(c, ProbeType.Text(16)))]);
        foreach (string pattern in scope.Comms.Where(c => c.Contains('*')))
        {
            TypedExpression test = pattern.EndsWith('*')
                ? new TextTestExpression(TextTest.StartsWith, comm, pattern[..^1])
                : new TextTestExpression(TextTest.EndsWith, comm, pattern[1..]);
            result = result is null ? test : new BinaryExpression(BinaryOperator.LogicalOr, result, test, ProbeType.Boolean);
        }

        return result;
    }

    private long User(string user, int index)
    {
        if (uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
            return number;
        return target.UserId(user) ?? throw new ProbeLanguageException(
            [new(scope!.Locations.GetValueOrDefault($"uids[{index}]", scope.Location), $"{scope.Key}.uid", $"there is no user {user} here")]);
    }

    private static IEnumerable<BoundSet> SetsOf(ScopeDefinition scope)
    {
        if (scope.Binaries.Count > 0)
            yield return new("scope_binaries", BoundSetKind.Executables, scope.Binaries);
        if (scope.Cgroups.Count > 0)
            yield return new("scope_cgroups", BoundSetKind.Cgroups, scope.Cgroups);
        if (scope.Containers.Count > 0)
            yield return new("scope_containers", BoundSetKind.Containers, scope.Containers);
    }

    private static ExpressionSource Parse(string text) => new(text, default, "scope", ExpressionParser.Parse(text), IsOneLine: false);
}
