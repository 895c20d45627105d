namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// What has been evaluated already. A scope is opened before code that may be jumped over and closed behind it, so that what is found here
/// has been evaluated on every way to the place that asks.
/// </summary>
internal sealed class ValueScopes
{
    private readonly List<(Dictionary<TypedExpression, int> Registers, Dictionary<object, MemoryPlace> Places)> _scopes = [];

    public ValueScopes() => Open();

    public void Open() => _scopes.Add(([], []));

    public void Close() => _scopes.RemoveAt(_scopes.Count - 1);

    public bool TryRegister(TypedExpression expression, out int register)
    {
        foreach (var (registers, _) in _scopes)
        {
            if (registers.TryGetValue(expression, out register))
                return true;
        }
        register = -1;
        return false;
    }

    public int Keep(TypedExpression expression, int register)
    {
        _scopes[^1].Registers[expression] = register;
        return register;
    }

    public bool TryPlace(object what, out MemoryPlace place)
    {
        foreach (var (_, places) in _scopes)
        {
            if (places.TryGetValue(what, out place))
                return true;
        }
        place = default;
        return false;
    }

    public MemoryPlace Keep(object what, MemoryPlace place)
    {
        _scopes[^1].Places[what] = place;
        return place;
    }
}
