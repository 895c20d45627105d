namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// What the end of a pair wants to know of its start. The first start that the machine has decides the types; the others have to give
/// the same.
/// </summary>
internal sealed class Captures(ExpressionBinder start)
{
    private const int MaxCount = 32;
    private readonly List<(ExpressionSyntax Syntax, ExpressionSource Source, TypedExpression Value)> _items = [];

    public ExpressionBinder Start { get; } = start;

    public IReadOnlyList<ProbeType> Types => [.. _items.Select(i => i.Value.Type)];

    public IReadOnlyList<(ExpressionSyntax Syntax, ExpressionSource Source, TypedExpression Value)> Items => _items;

    /// <summary>The value that a part of an expression has at the start, for the end.</summary>
    public ValueOperand Take(ExpressionSyntax syntax, ExpressionSource source)
    {
        ValueOperand value = Start.LoadAny(Start.BindPart(syntax, source), syntax.Span);
        if (Constants.TryEvaluate(value.Expression, out _) || value.Expression is TextConstant)
            return value;
        int index = _items.FindIndex(i => i.Value.Equals(value.Expression));
        if (index < 0)
        {
            if (_items.Count == MaxCount)
                throw new BindingException(syntax.Span, $"more than {MaxCount} values of the start are wanted at the end");
            index = _items.Count;
            _items.Add((syntax, source, value.Expression));
        }

        return value with
        {
            Expression = new CapturedValue(index, value.Expression.Type),
            IsTrusted = false,
            Space = value.Space == MemoryAccess.Direct ? MemoryAccess.Kernel : value.Space,
        };
    }
}
