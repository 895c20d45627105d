namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a predicate says of cgroups: <c>cgroup == cgroupid("/sys/fs/cgroup/x")</c> is a scope.</summary>
internal static class BpftraceScope
{
    private static readonly string[] Mounts = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

    /// <summary>Takes the cgroup out of a predicate.</summary>
    /// <param name="predicate">The predicate; null for none.</param>
    /// <param name="source">What it is in.</param>
    /// <returns>What is left of it, and the scope; each null if there is none.</returns>
    public static (ExpressionSyntax? Predicate, ScopeDefinition? Scope) Take(ExpressionSyntax? predicate, BpftraceSource source)
    {
        switch (predicate)
        {
            case BinarySyntax { Operator: BinarySyntaxOperator.And } both:
                (ExpressionSyntax? left, ScopeDefinition? first) = Take(both.Left, source);
                (ExpressionSyntax? right, ScopeDefinition? second) = first is null ? Take(both.Right, source) : (both.Right, null);
                return (left is null ? right : right is null ? left : both with { Left = left, Right = right }, first ?? second);
            case BinarySyntax
            {
                Operator: BinarySyntaxOperator.Equal, Left: NameSyntax { Name: "cgroup" or "cgroup_id" },
                Right: CallSyntax { Function: "cgroupid", Arguments: [StringSyntax path] },
            } only:
                var scope = new ScopeDefinition { Location = source.LocationOf(only.Span.Start), Key = "", Cgroups = [FromRoot(path)] };
                return (null, scope);
            default:
                return (predicate, null);
        }
    }

    private static string FromRoot(StringSyntax path)
    {
        string? mount = Mounts.FirstOrDefault(m => path.Value == m || path.Value.StartsWith(m + "/", StringComparison.Ordinal));
        return mount is null
            ? throw new ExpressionSyntaxException(path.Span, "a cgroup is a path below /sys/fs/cgroup")
            : path.Value.Length <= mount.Length + 1 ? "/" : path.Value[mount.Length..].TrimEnd('/');
    }
}
