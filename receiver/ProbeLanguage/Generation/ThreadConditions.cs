namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Where starts and ends are paired by the thread, a condition of the starts on its ids holds at the end as well, or there was no start.
/// </summary>
internal static class ThreadConditions
{
    public static IReadOnlyList<BoundCondition> Of(BoundProbe probe)
    {
        var programs = probe.Hooks.SelectMany(static h => h.Alternatives.SelectMany(a => a.Programs.Select(p => (h.Role, Program: p)))).ToArray();
        var starts = programs.Where(static p => p.Role == HookRole.Start).Select(static p => p.Program).ToArray();
        if (starts.Length == 0 || programs.Any(static p => p.Role != HookRole.Single && p.Program.Key.Count > 0))
            return [];
        return
        [
            .. starts[0].Conditions.Where(c => IsOfThread(c.Expression)
                && starts.All(s => s.Conditions.Any(other => other.Expression.Equals(c.Expression)))),
        ];
    }

    /// <summary>
    /// What an end that finds no start has to ask before it says that one is missing: whether a start of its thread would have been recorded.
    /// Null where it can't tell, because starts depend on what ends don't see.
    /// </summary>
    public static IReadOnlyList<BoundCondition>? OfUnmatched(BoundProbe probe)
    {
        var programs = probe.Hooks.SelectMany(static h => h.Alternatives.SelectMany(a => a.Programs.Select(p => (h.Role, Program: p)))).ToArray();
        var starts = programs.Where(static p => p.Role == HookRole.Start).Select(static p => p.Program).ToArray();
        if (starts.All(static s => s.Conditions.Count == 0))
            return [];
        if (programs.Any(static p => p.Role != HookRole.Single && p.Program.Key.Count > 0))
            return null;
        var first = starts[0].Conditions;
        return first.All(static c => IsOfTask(c.Expression)) && starts.All(s => s.Conditions.Count == first.Count
            && first.All(c => s.Conditions.Any(other => other.Expression.Equals(c.Expression)))) ? first : null;
    }

    /// <summary>The same at the end as at the start, unless the thread changed its name or its credentials meanwhile.</summary>
    private static bool IsOfTask(TypedExpression expression) => !ExpressionTree.Contains(expression, static e => e is not (
        BuiltinExpression
        {
            Builtin: Builtin.ProcessId or Builtin.ThreadId or Builtin.ProcessAndThreadId or Builtin.UserId or Builtin.GroupId
                or Builtin.ThreadName or Builtin.CgroupId or Builtin.CurrentTask,
        }
        or MemoryRead { Access: MemoryAccess.Kernel } or ConstantExpression or TextConstant or UnaryExpression or BinaryExpression
        or CastExpression or InListExpression or InSetExpression or TextTestExpression or LetExpression));

    private static bool IsOfThread(TypedExpression expression) => !ExpressionTree.Contains(expression, static e => e is not (
        BuiltinExpression { Builtin: Builtin.ProcessId or Builtin.ThreadId or Builtin.ProcessAndThreadId }
        or ConstantExpression or UnaryExpression or BinaryExpression or CastExpression or InListExpression or LetExpression));
}
