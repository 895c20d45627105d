namespace EbpfReceiver.CodeGeneration;

/// <summary>The layouts of all objects: each once, by its name in C#, in the order they were met.</summary>
internal sealed class LayoutSet
{
    private readonly Dictionary<string, (object Layout, string Origin)> _byName = [];
    private readonly List<object> _inOrder = [];

    internal IReadOnlyList<object> All => _inOrder;

    /// <summary>Adds a layout, unless it is there already.</summary>
    /// <exception cref="LayoutException">Another object has another layout of that name.</exception>
    internal void Add(string name, object layout, string origin)
    {
        if (_byName.TryGetValue(name, out var known))
        {
            if (!Equal(known.Layout, layout))
            {
                throw new LayoutException(
                    $"{name} is not the same in {known.Origin} and {origin}:\n  {Describe(known.Layout)}\n  {Describe(layout)}");
            }
            return;
        }
        _byName.Add(name, (layout, origin));
        _inOrder.Add(layout);
    }

    private static bool Equal(object a, object b) => Describe(a) == Describe(b);

    private static string Describe(object layout) => layout switch
    {
        StructLayout s => $"{s.CName}, {s.Size} bytes: "
            + string.Join("; ", s.Fields.Select(static f => $"{f.CType} {f.CName} at {f.Offset}")) + $"; tail at {s.TailOffset}",
        EnumLayout e => $"{e.CName} : {e.Underlying} {string.Join(", ", e.Values.Select(static v => $"{v.CName} = {v.Value}"))}",
        _ => layout.ToString()!,
    };
}
