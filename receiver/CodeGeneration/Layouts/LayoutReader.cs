using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.CodeGeneration;

/// <summary>Reads layouts out of the BTF of one object.</summary>
internal sealed class LayoutReader(string origin, BpfObjectSpec spec)
{
    private readonly BtfTypes _types = spec.Types ?? throw new LayoutException($"{origin} has no BTF; compile it with -g.");
    private readonly HashSet<uint> _read = [];
    private LayoutSet _layouts = new();

    /// <summary>Reads what the members of a type are made of.</summary>
    internal void ReadInto(LayoutSet layouts, string root)
    {
        _layouts = layouts;
        if (!_types.TryFind(root, BtfKind.Union, out var id) && !_types.TryFind(root, BtfKind.Struct, out id))
            throw new LayoutException($"{origin} has no union {root} in its BTF; a variable that points to it keeps it there.");
        var type = _types[id];
        for (var i = 0; i < type.Count; i++)
            TypeOf(type.Member(i).TypeId, $"{root}.{type.Member(i).Name}");
    }

    /// <summary>The C# type of a C type; what it is made of is added to the layouts first.</summary>
    private string TypeOf(uint id, string place)
    {
        var type = _types.Resolve(id);
        switch (type.Kind)
        {
            case BtfKind.Int:
                return Integer(type.Size, type.Integer.IsSigned && !IsChar(type), place);
            case BtfKind.Pointer:
                return "ulong";
            case BtfKind.Float when type.Size is 4 or 8:
                return type.Size == 4 ? "float" : "double";
            case BtfKind.Enum or BtfKind.Enum64:
                return type.NameUtf8.IsEmpty ? Integer(type.Size, type.KindFlag, place) : ReadEnum(type);
            case BtfKind.Array:
                return ReadArray(type, place);
            case BtfKind.Struct or BtfKind.Union when !type.NameUtf8.IsEmpty:
                return ReadStruct(type);
            default:
                throw new LayoutException($"{origin}: {place} is a {type.Kind} ({type}), which has no mirror in C#.");
        }
    }

    private string ReadArray(BtfType type, string place)
    {
        var array = type.Array;
        var element = TypeOf(array.ElementTypeId, place);
        var layout = new ArrayLayout($"{FrameworkName(element)}Array{array.Count}", element, array.Count);
        _layouts.Add(layout.Name, layout, origin);
        return layout.Name;
    }

    private string ReadEnum(BtfType type)
    {
        var name = CSharpName.Of(type.Name);
        if (!_read.Add(type.Id))
            return name;
        var values = new List<(string, string, string)>();
        var negative = false;
        for (var i = 0; i < type.Count; i++)
            negative |= type.Enumerator(i).Value < 0;
        var signed = type.KindFlag || (negative && type.Kind == BtfKind.Enum);
        for (var i = 0; i < type.Count; i++)
        {
            var enumerator = type.Enumerator(i);
            var value = signed
                ? enumerator.Value.ToString(CultureInfo.InvariantCulture)
                : ((ulong)enumerator.Value).ToString(CultureInfo.InvariantCulture);
            values.Add((enumerator.Name, CSharpName.OfEnumerator(type.Name, enumerator.Name), value));
        }
        _layouts.Add(name, new EnumLayout("enum " + type.Name, name, Integer(type.Size, signed, type.Name), values), origin);
        return name;
    }

    private string ReadStruct(BtfType type)
    {
        var name = CSharpName.Of(type.Name);
        if (!_read.Add(type.Id))
            return name;
        var fields = new List<FieldLayout>();
        var tail = -1;
        AddFields(type, name, 0, fields, ref tail);
        _layouts.Add(name, new StructLayout(type.ToString(), name, type.Size, tail, fields), origin);
        return name;
    }

    private void AddFields(BtfType type, string owner, uint start, List<FieldLayout> fields, ref int tail)
    {
        for (var i = 0; i < type.Count; i++)
        {
            var member = type.Member(i);
            var place = $"{type}.{member.Name}";
            if (member.BitFieldSize > 0 || member.BitOffset % 8 != 0)
                throw new LayoutException($"{origin}: {place} is a bit field, which has no mirror in C#.");
            var offset = start + (member.BitOffset / 8);
            var target = _types.Resolve(member.TypeId);
            if (member.NameUtf8.IsEmpty)
                AddFields(target, owner, offset, fields, ref tail);
            else if (target.Kind == BtfKind.Array && target.Array.Count == 0)
                tail = (int)offset;
            else
            {
                fields.Add(new(
                    member.Name, FieldName(member.Name, owner), _types.Describe(member.TypeId), TypeOf(member.TypeId, place), offset,
                    _types.SizeOf(member.TypeId)));
            }
        }
    }

    /// <summary>A member of a C# type can't have the type's own name.</summary>
    private static string FieldName(string name, string owner) =>
        CSharpName.Of(name) is var result && result == owner ? result + "Value" : result;

    private string Integer(uint size, bool signed, string place) => (size, signed) switch
    {
        (1, true) => "sbyte",
        (1, false) => "byte",
        (2, true) => "short",
        (2, false) => "ushort",
        (4, true) => "int",
        (4, false) => "uint",
        (8, true) => "long",
        (8, false) => "ulong",
        _ => throw new LayoutException($"{origin}: {place} is an integer of {size} bytes, which has no mirror in C#."),
    };

    /// <summary>Text is bytes, whatever sign char has.</summary>
    private static bool IsChar(BtfType type) => type.Integer.IsChar || type.Name == "char";

    private static string FrameworkName(string type) => type switch
    {
        "byte" => "Byte",
        "sbyte" => "SByte",
        "ushort" => "UInt16",
        "short" => "Int16",
        "uint" => "UInt32",
        "int" => "Int32",
        "ulong" => "UInt64",
        "long" => "Int64",
        "float" => "Single",
        "double" => "Double",
        _ => type,
    };
}
