using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// The variables of a clause. Each assignment gives a new name to an expression; where branches meet, a choice between what they gave does, so that
/// a variable is what it would be if it had been assigned.
/// </summary>
/// <param name="taken">Names that clauses before this one gave; names differ in the whole program.</param>
internal sealed class BpftraceVariables(HashSet<string> taken)
{
    private const int MaxAssignments = 64;

    private Dictionary<string, string> _current = new(StringComparer.Ordinal);
    private readonly HashSet<string> _within = new(StringComparer.Ordinal);

    /// <summary>What the variables are at this place, for <see cref="Meet"/>.</summary>
    public IReadOnlyDictionary<string, string> Current => _current;

    /// <summary>An expression with the variables by the names that they have at this place.</summary>
    /// <exception cref="ExpressionSyntaxException">One has no value here.</exception>
    public ExpressionSyntax Read(ExpressionSyntax expression) => SyntaxRewriter.Rewrite(expression, part =>
        part is NameSyntax { Name: ['$', ..] } variable ? variable with { Name = NameOf(variable) } : null);

    /// <summary>The statement that gives a variable a value.</summary>
    /// <param name="span">The text of the statement.</param>
    /// <param name="name">The variable, with the $.</param>
    /// <param name="value">The value, read already.</param>
    public BpftraceVariable Assign(TextSpan span, string name, ExpressionSyntax value)
    {
        if (taken.Count == MaxAssignments)
            throw new ExpressionSyntaxException(span, $"a program gives variables at most {MaxAssignments} values");
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}#{i}");
        _current[name] = unique;
        return new(span, null, unique, value);
    }

    /// <summary>Goes back to what the variables were before a branch.</summary>
    public void GoBack(IReadOnlyDictionary<string, string> before) => _current = new(before, StringComparer.Ordinal);

    /// <summary>Where two branches meet: the statements that choose between their values.</summary>
    /// <param name="condition">The condition of the first branch, read already.</param>
    /// <param name="before">What the variables were before both.</param>
    /// <param name="then">What they were at the end of the first.</param>
    /// <param name="otherwise">What they were at the end of the second.</param>
    public IReadOnlyList<BpftraceVariable> Meet(
        ExpressionSyntax condition, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> then,
        IReadOnlyDictionary<string, string> otherwise)
    {
        GoBack(before);
        var result = new List<BpftraceVariable>();
        foreach (string name in then.Keys.Union(otherwise.Keys, StringComparer.Ordinal))
        {
            if (!then.TryGetValue(name, out string? first) || !otherwise.TryGetValue(name, out string? second))
            {
                _within.Add(name);
                continue;
            }

            if (first == second)
                continue;
            NameSyntax Named(string unique) => new(condition.Span, unique);
            result.Add(Assign(condition.Span, name, new ConditionalSyntax(condition.Span, condition, Named(first), Named(second))));
        }

        return result;
    }

    private string NameOf(NameSyntax variable)
    {
        if (_current.TryGetValue(variable.Name, out string? unique))
            return unique;
        throw new ExpressionSyntaxException(variable.Span, variable.Name switch
        {
            ['$', >= '0' and <= '9', ..] => $"parameters ({variable.Name}) are not taken: write the value itself",
            var name when _within.Contains(name) => $"{name} has a value within an if only; give it one before the if, or in its else as well",
            var name => $"{name} has no value here{NearestNames.Suggest(name, _current.Keys)}",
        });
    }
}
