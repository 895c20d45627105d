using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>The global variables of an object: where each is in the contents of which data section.</summary>
internal sealed class ObjectVariables
{
    private readonly Dictionary<string, (MapSpec Map, int Offset, int Size)> _places = [];

    internal static ObjectVariables Read(BtfTypes? types, IReadOnlyDictionary<string, MapSpec> dataSections)
    {
        var result = new ObjectVariables();
        for (var id = 1u; id < (types?.Count ?? 0); id++)
        {
            var section = types![id];
            if (section.Kind != BtfKind.DataSection || !dataSections.TryGetValue(section.Name, out var map))
                continue;
            for (var i = 0; i < section.Count; i++)
            {
                var place = section.Variable(i);
                if ((ulong)place.Offset + place.Size > map.ValueSize)
                    throw new BpfFormatException($"BTF puts {types[place.VariableId].Name} outside of section {map.Name}.");
                result._places.TryAdd(types[place.VariableId].Name, (map, (int)place.Offset, (int)place.Size));
            }
        }
        return result;
    }

    internal Span<byte> BytesOf(string objectName, string variable, int size)
    {
        if (!_places.TryGetValue(variable, out var place))
            throw new BpfException($"{objectName} has no variable {variable}; it has {List(_places.Keys)}.");
        if (place.Size != size)
            throw new BpfException($"The variable {variable} of {objectName} has {place.Size} bytes, and the value {size}.");
        // .bss has no contents until something in it is not 0.
        place.Map.Contents ??= new byte[place.Map.ValueSize];
        return place.Map.Contents.AsSpan(place.Offset, size);
    }

    /// <summary>Writes names for a message; not endlessly many.</summary>
    internal static string List(IReadOnlyCollection<string> names)
    {
        const int most = 20;
        if (names.Count == 0)
            return "none";
        var text = new StringBuilder().AppendJoin(", ", names.Order(StringComparer.Ordinal).Take(most));
        return names.Count > most ? text.Append($" and {names.Count - most} more").ToString() : text.ToString();
    }
}
