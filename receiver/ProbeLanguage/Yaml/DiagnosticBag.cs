namespace EbpfReceiver.ProbeLanguage;

/// <summary>Collects what is wrong, so that a person sees all of it at once; bounded, for a hostile file can be wrong in every line.</summary>
internal sealed class DiagnosticBag
{
    public const int MaxCount = 100;

    private readonly List<ProbeDiagnostic> _items = [];

    /// <summary>What was found, in the order of the file.</summary>
    public IReadOnlyList<ProbeDiagnostic> Items => _items;

    /// <summary>How many were found, those beyond the bound not counted.</summary>
    public int Count => _items.Count;

    public void Add(SourceLocation location, string key, string message, ExpressionExcerpt? excerpt = null) =>
        Add(new(location, key, message, excerpt));

    public void Add(ProbeDiagnostic diagnostic)
    {
        if (_items.Count < MaxCount && !_items.Contains(diagnostic))
            _items.Add(diagnostic);
    }

    /// <summary>Throws if anything is wrong.</summary>
    /// <exception cref="ProbeLanguageException">With all of it.</exception>
    public void ThrowIfAny()
    {
        if (_items.Count > 0)
            throw new ProbeLanguageException(_items);
    }
}
