using System.Text;
using System.Text.RegularExpressions;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>
/// C of programs about the types that a kernel has twice: two files of it define their own struct of one name, and BTF keeps both. What is
/// asked of them: fields that both have, in the same place or not, fields that one has, each after the other, and the types themselves.
/// Each program has a flavour of the type for itself, since a loader that relocates all programs together keeps what it found of a type.
/// </summary>
internal sealed partial class AmbiguousTypes
{
    private const int FieldsOfType = 5;
    private const int EnumeratorsOfType = 3;
    private const int MaxDepth = 8;

    private const string Macros = """
        #define SEC(name) __attribute__((section(name), used))
        #define CORE __attribute__((preserve_access_index))
        #define field(f, kind) __builtin_preserve_field_info(f, kind)
        #define type(t, kind) __builtin_preserve_type_info(*(t *)0, kind)
        #define type_id(t) __builtin_btf_type_id(*(t *)0, 1)
        #define enumerator(t, v, kind) __builtin_preserve_enum_value(*(t *)v, kind)
        #define PROGRAM(name, t) SEC("tp/a/b") unsigned long name(t *p)
        char declared_license[] SEC("license") = "GPL";

        """;

    private readonly BtfTypes _kernel;
    private readonly StringBuilder _source = new(Macros);
    private readonly StringBuilder _declaration = new();
    private int _count;
    private int _enums;

    private AmbiguousTypes(BtfTypes kernel) => _kernel = kernel;

    /// <summary>The source, and the names that it is about.</summary>
    internal static (string Source, IReadOnlyList<string> Names) Of(BtfTypes kernel)
    {
        var made = new AmbiguousTypes(kernel);
        var names = new List<string>();
        foreach (var group in Groups(kernel))
        {
            names.Add(group.Key);
            var candidates = group.ToArray();
            if (kernel[candidates[0]].IsEnum)
                made.AskEnum(group.Key, candidates);
            else
                made.AskComposite(group.Key, candidates);
        }

        return (made._source.ToString(), names);
    }

    /// <summary>Types of one name that a relocation takes for candidates, where there are several.</summary>
    private static IEnumerable<IGrouping<string, uint>> Groups(BtfTypes kernel) =>
        Enumerable.Range(1, (int)kernel.Count - 1).Select(id => (uint)id)
            .Where(id => (kernel[id].IsComposite || kernel[id].IsEnum) && !kernel[id].NameUtf8.IsEmpty && kernel[id].NameUtf8[^1] != '_')
            .GroupBy(id => (Kind: kernel[id].IsEnum ? BtfKind.Enum : kernel[id].Kind, Name: kernel[id].Name.Split("___")[0]))
            .Where(same => same.Count() > 1)
            .OrderBy(same => same.Key.Name, StringComparer.Ordinal)
            // One name may be that of a struct and of a union; C has it once.
            .DistinctBy(same => same.Key.Name)
            .Select(same => same.GroupBy(_ => same.Key.Name).Single());

    private void AskEnum(string name, uint[] candidates)
    {
        var values = candidates.SelectMany(id => Enumerable.Range(0, _kernel[id].Count).Select(i => _kernel[id].Enumerator(i).Name))
            .Distinct().ToArray();
        _declaration.Clear().Append($"enum FLAVOUR({name}) {{ {string.Join(", ", values.Select((value, i) => $"FLAVOUR({value}) = {i + 40}"))} }};");
        foreach (var value in values.Take(EnumeratorsOfType))
        {
            Program("void", $"return enumerator(enum FLAVOUR({name}), FLAVOUR({value}), 0);");
            Program("void", $"return enumerator(enum FLAVOUR({name}), FLAVOUR({value}), 1);");
        }

        AskType($"enum FLAVOUR({name})", name);
    }

    private void AskComposite(string name, uint[] candidates)
    {
        var fields = candidates.SelectMany((id, place) => Fields(id).Select(member => (member.Name, Member: member, Place: place)))
            .GroupBy(field => field.Name).ToArray();
        var type = $"{(_kernel[candidates[0]].Kind == BtfKind.Union ? "union" : "struct")} FLAVOUR({name})";
        _declaration.Clear().Append($"{type} {{\n");
        foreach (var field in fields)
            _declaration.Append($"\t{Declaration(field.Key, field.First().Member)};\n");
        _declaration.Append("} CORE;\n");

        var shared = fields.Where(field => field.Count() == candidates.Length).ToArray();
        var single = fields.Where(field => field.Count() < candidates.Length).ToArray();
        // Those first in which the candidates differ.
        foreach (var field in shared.OrderBy(field => field.DistinctBy(one => one.Member.BitOffset).Count() == 1).Take(FieldsOfType))
        {
            foreach (var kind in (int[])[0, 1, 2])
                Program(type, $"return field(p->{field.Key}, {kind});");
            if (field.First().Member is { BitFieldSize: 0 } member && IsLoadable(member.TypeId))
                Program(type, $"return (unsigned long)p->{field.Key};");
        }

        for (var place = 0; place < candidates.Length; place++)
        {
            if (Array.Find(single, field => field.First().Place == place) is not { } own)
                continue;
            Program(type, $"return field(p->{own.Key}, 0);");
            Program(type, $"return field(p->{own.Key}, 2);");
            // A candidate that lacks the one is none for the other: in this order, and not in that.
            if (shared.FirstOrDefault() is not { } common)
                continue;
            Program(type, $"return field(p->{own.Key}, 2) + field(p->{common.Key}, 0);");
            Program(type, $"return field(p->{common.Key}, 0) + field(p->{own.Key}, 2);");
        }

        AskType(type, name);
    }

    private void AskType(string type, string name)
    {
        Program("void", $"return type({type}, 0);");
        Program("void", $"return type({type}, 1);");
        Program("void", $"return type_id({type});");
        // One of other fields is asked for the same.
        if (!type.StartsWith("enum", StringComparison.Ordinal))
        {
            _declaration.Clear().Append($"{type} {{ char {name}_has_no_such; }} CORE;\n");
            Program(type, $"return field(p->{name}_has_no_such, 2) + type({type}, 0);");
        }
    }

    /// <summary>Adds a program, and before it the type that it is about, under a name of their own.</summary>
    private void Program(string type, string body)
    {
        var text = $"{_declaration}PROGRAM(p{_count}, {type}) {{ {body} }}\n";
        _source.Append(Flavour().Replace(text, $"$1___{_count++}"));
    }

    /// <summary>Fields with names, those of anonymous members among them.</summary>
    private IEnumerable<BtfMember> Fields(uint id, int depth = 0)
    {
        for (var i = 0; i < _kernel[id].Count; i++)
        {
            var member = _kernel[id].Member(i);
            if (!member.NameUtf8.IsEmpty)
                yield return member;
            else if (depth < MaxDepth && _kernel.Resolve(member.TypeId) is { IsComposite: true } inner)
            {
                foreach (var field in Fields(inner.Id, depth + 1))
                    yield return field;
            }
        }
    }

    private bool IsLoadable(uint type) => _kernel.Resolve(type) is { Kind: BtfKind.Pointer } or { Kind: BtfKind.Int, Size: <= 8 };

    private string Declaration(string name, BtfMember member)
    {
        var (type, dimensions) = (_kernel.Resolve(member.TypeId), "");
        for (; type.Kind == BtfKind.Array; type = _kernel.Resolve(type.Array.ElementTypeId))
            dimensions += $"[{type.Array.Count}]";
        var bits = member.BitFieldSize > 0 ? $" : {member.BitFieldSize}" : "";
        return $"{NameOf(type)} {name}{dimensions}{bits}";
    }

    private string NameOf(BtfType type) => type.Kind switch
    {
        BtfKind.Pointer => "void *",
        BtfKind.Struct => "struct { int only; }",
        BtfKind.Union => "union { int only; }",
        BtfKind.Int => (type.Integer.IsSigned ? "signed " : "unsigned ")
            + type.Size switch { 1 => "char", 2 => "short", 4 => "int", _ => "long" },
        // Of no name, which fits each.
        _ => $"enum {{ FLAVOUR(ONLY_{_enums++}) }}",
    };

    [GeneratedRegex(@"FLAVOUR\((\w+)\)")]
    private static partial Regex Flavour();
}
