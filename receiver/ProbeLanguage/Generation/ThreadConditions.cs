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

    private static bool IsOfThread(TypedExpression expression) => !ExpressionTree.Contains(expression, static e => e is not (
        BuiltinExpression { Builtin: Builtin.ProcessId or Builtin.ThreadId or Builtin.ProcessAndThreadId }
        or ConstantExpression or UnaryExpression or BinaryExpression or CastExpression or InListExpression or LetExpression));
}
