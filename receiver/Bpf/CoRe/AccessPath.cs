using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The way from a type to a field in it, in one set of types. Anonymous structs and unions are passed through without a step:
/// in C their members are the outer struct's, and kernels move fields in and out of them.
/// </summary>
internal sealed class AccessPath(BtfTypes types, uint rootTypeId)
{
    /// <summary>Most steps of a path; compilers write far fewer.</summary>
    internal const int MaxSteps = 64;

    private readonly List<AccessStep> _steps = [];

    internal BtfTypes Types => types;

    internal uint RootTypeId => rootTypeId;

    internal IReadOnlyList<AccessStep> Steps => _steps;

    /// <summary>Where the field is, in bits from the start of the root type.</summary>
    internal long BitOffset { get; private set; }

    internal AccessStep Last => _steps[^1];

    internal void Add(AccessStep step) => _steps.Add(step);

    internal void Move(long bits) => BitOffset += bits;

    /// <summary>
    /// True if an array is the last member of the struct that the path has just stepped into, and has no bound of its own: then
    /// any index may be meant.
    /// </summary>
    internal bool IsFlexible(BtfArray array)
    {
        if (array.Count > 0 || !Last.IsNamed)
            return false;
        return Last.Index == types[Last.TypeId].Count - 1;
    }

    /// <summary>The path as a C expression, with the type before it.</summary>
    internal string Describe() => types.Describe(rootTypeId) + DescribeSteps();

    /// <summary>The path as a C expression: <c>.inner.values[3]</c>.</summary>
    internal string DescribeSteps()
    {
        var text = new StringBuilder();
        for (var i = 0; i < _steps.Count; i++)
        {
            var step = _steps[i];
            var type = types[step.TypeId];
            if (type.IsEnum && step.IsNamed)
                text.Append('.').Append(type.Enumerator((int)step.Index).Name);
            else if (step.IsNamed)
                text.Append('.').Append(type.Member((int)step.Index).Name);
            else if (i > 0 || step.Index > 0)
                text.Append('[').Append(step.Index).Append(']');
        }
        return text.ToString();
    }
}
