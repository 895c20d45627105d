namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Where starts and ends are paired by the thread, a condition of the starts on its ids holds at the end as well, or there was no start.
/// </summary>
internal static class ThreadConditions
{
    public static IReadOnlyList<BoundCondition> Of(BoundProbe probe)
    {
        var starts = Starts(probe);
        return starts.Length > 0 && IsByThread(probe)
            ? [.. starts[0].Conditions.Where(c => IsOfThread(c.Expression) && IsOfAll(c, starts))]
            : [];
    }

    /// <summary>
    /// What an end that finds no start has to ask before it says that one is missing: whether a start of its thread would have been recorded.
    /// Null where it can't tell, because starts depend on what ends don't see.
    /// </summary>
    public static IReadOnlyList<BoundCondition>? OfUnmatched(BoundProbe probe)
    {
        var starts = Starts(probe);
        if (starts.All(static s => s.Conditions.Count == 0))
            return [];
        var first = starts[0].Conditions;
        return IsByThread(probe) && starts.All(s => s.Conditions.Count == first.Count)
            && first.All(c => IsOfTask(c.Expression) && IsOfAll(c, starts)) ? first : null;
    }

    private static IEnumerable<BoundProgram> Programs(BoundProbe probe, Predicate<HookRole> role) =>
        probe.Hooks.Where(h => role(h.Role)).SelectMany(static h => h.Alternatives).SelectMany(static a => a.Programs);

    private static BoundProgram[] Starts(BoundProbe probe) => [.. Programs(probe, static r => r == HookRole.Start)];

    private static bool IsByThread(BoundProbe probe) => Programs(probe, static r => r != HookRole.Single).All(static p => p.Key.Count == 0);

    private static bool IsOfAll(BoundCondition condition, BoundProgram[] starts) =>
        starts.All(s => s.Conditions.Any(other => other.Expression.Equals(condition.Expression)));

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
