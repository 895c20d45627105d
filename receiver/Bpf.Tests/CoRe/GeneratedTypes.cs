using System.Text;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>
/// C of a made-up kernel and of programs that know it wrongly: fields that moved, grew, became bit fields or arrays or went away, anonymous
/// members, flavours that agree or do not, enumerators with other values. The same seed gives the same text.
/// </summary>
internal sealed class GeneratedTypes
{
    private const string Macros = """
        #define SEC(name) __attribute__((section(name), used))
        #define CORE __attribute__((preserve_access_index))
        #define field(f, kind) __builtin_preserve_field_info(f, kind)
        #define type(t, kind) __builtin_preserve_type_info(*(t *)0, kind)
        #define enumerator(t, v, kind) __builtin_preserve_enum_value(*(t *)v, kind)
        #define PROGRAM(name, t) SEC("tp/a/b") unsigned long name(t *p)
        char declared_license[] SEC("license") = "GPL";

        """;

    private static readonly string[] Integers =
        ["signed char", "unsigned char", "short", "unsigned short", "int", "unsigned int", "long", "unsigned long", "_Bool"];

    private static readonly (string Type, int Bits)[] BitFieldTypes =
        [("unsigned char", 8), ("signed char", 8), ("unsigned short", 16), ("int", 32), ("unsigned int", 32), ("long", 64), ("unsigned long", 64)];

    private readonly Random _random;
    private int _pads;

    private GeneratedTypes(int seed) => _random = new(seed);

    internal static (string Programs, string Kernel) Of(int seed)
    {
        var made = new GeneratedTypes(seed);
        var structs = Enumerable.Range(0, 3).Select(s => Enumerable.Range(0, made._random.Next(4, 9)).Select(f => $"f{s}_{f}").ToArray()).ToArray();
        return (made.Programs(structs), made.Kernel(structs));
    }

    private string Programs(string[][] structs)
    {
        var types = new StringBuilder(Macros).Append(Enums(isKernel: false));
        var programs = new StringBuilder();
        var count = 0;
        for (var s = 0; s < structs.Length; s++)
        {
            var fields = structs[s].Select(name => Field(name, s)).ToArray();
            // The compiler gives up on bit fields whose load needs a larger alignment than the struct has.
            types.Append($"struct s{s} {{\n{string.Concat(fields.Select(f => f.Declaration))}long aligned{s};\nunsigned int tail[];\n}} CORE;\n");
            foreach (var f in fields)
            {
                Program($"return field(p->{f.Name}, 0);");
                Program($"return field(p->{f.Name}, 1);");
                Program($"return field(p->{f.Name}, 2);");
                if (f.IsNumber)
                    Program($"return field(p->{f.Name}, 3);");
                if (f.IsBitField)
                {
                    Program($"return field(p->{f.Name}, 4);");
                    Program($"return field(p->{f.Name}, 5);");
                }
                else
                {
                    Program($"return (unsigned long)&p[2].{f.Name};");
                }
                if (f is { IsLoadable: true, IsBitField: false })
                    Program($"return (unsigned long)p->{f.Name};");
                if (f is { IsNumber: true, IsBitField: false })
                    Program($"p->{f.Name} = 1; return 0;");
                if (f.Index.Length > 0)
                    Program($"return field(p->{f.Name}{f.Index}, 0) + field(p->{f.Name}{f.Index}, 2);");
            }
            Program("return p->tail[3];");
            Program($"return type(struct s{s}, 0) + type(struct s{s}, 1) + __builtin_btf_type_id(*(struct s{s} *)0, 1);");

            void Program(string body) => programs.Append($"PROGRAM(p{count++}, struct s{s}) {{ {body} }}\n");
        }
        for (var e = 0; e < 2; e++)
        {
            for (var v = 0; v < 4; v++)
                programs.Append($"PROGRAM(e{e}_{v}, void) {{ return enumerator(enum e{e}, V{e}_{v}, 0) + enumerator(enum e{e}, V{e}_{v}, 1); }}\n");
        }
        return types.Append(programs).ToString();
    }

    private string Kernel(string[][] structs)
    {
        var text = new StringBuilder(Enums(isKernel: true)).Append("enum e0 *enum0;\nenum e1 *enum1;\n");
        for (var s = 0; s < structs.Length; s++)
        {
            var members = Members(structs[s], s, depth: 0);
            text.Append($"struct s{s} {{\n{members}unsigned int tail[];\n}} *object{s};\n");
            // A flavour is another candidate: one that agrees, or one that does not.
            if (_random.Next(3) == 0)
                text.Append($"struct s{s}___again {{\n{(_random.Next(2) == 0 ? members : Members(structs[s], s, depth: 0))}int last;\n}} *again{s};\n");
        }
        return text.ToString();
    }

    private string Members(IEnumerable<string> names, int s, int depth)
    {
        var text = new StringBuilder();
        var rest = new Queue<string>(names.OrderBy(_ => _random.Next()));
        while (rest.TryDequeue(out var name))
        {
            switch (_random.Next(10))
            {
                case 0:
                    continue; // gone
                case 1 when depth < 3:
                    var inner = Members(Enumerable.Range(0, Math.Min(rest.Count, 3)).Select(_ => rest.Dequeue()).Append(name).ToArray(), s, depth + 1);
                    text.Append($"{(_random.Next(2) == 0 ? "struct" : "union")} {{\nint pad{_pads++};\n{inner}}};\n");
                    continue;
                case 2:
                    text.Append($"{Integers[_random.Next(Integers.Length)]} pad{_pads++};\n");
                    break;
            }
            text.Append(Field(name, s).Declaration);
        }
        return text.ToString();
    }

    private GeneratedField Field(string name, int s)
    {
        switch (_random.Next(10))
        {
            case < 3:
                var (type, bits) = BitFieldTypes[_random.Next(BitFieldTypes.Length)];
                return new(name, $"{type} {name} : {_random.Next(1, bits + 1)};\n", "", IsNumber: true, IsLoadable: true, IsBitField: true);
            case 3 or 4:
                var (rows, columns) = (_random.Next(1, 5), _random.Next(1, 4));
                var element = Integers[_random.Next(Integers.Length)];
                return new(
                    name, $"{element} {name}[{rows}][{columns}];\n", $"[{_random.Next(rows)}][{_random.Next(columns)}]",
                    IsNumber: false, IsLoadable: false, IsBitField: false);
            case 5:
                return new(name, $"struct s{s} *{name};\n", "", IsNumber: false, IsLoadable: true, IsBitField: false);
            case 6:
                return new(name, $"enum e{_random.Next(2)} {name};\n", "", IsNumber: false, IsLoadable: true, IsBitField: false);
            default:
                return new(
                    name, $"{Integers[_random.Next(Integers.Length)]} {name};\n", "", IsNumber: true, IsLoadable: true, IsBitField: false);
        }
    }

    private string Enums(bool isKernel)
    {
        var text = new StringBuilder();
        for (var e = 0; e < 2; e++)
        {
            var values = Enumerable.Range(0, 4).Where(_ => !isKernel || _random.Next(6) > 0).Select(v => $"V{e}_{v} = {_random.Next(-99, 1 << 30)}");
            text.Append($"enum e{e} {{ {string.Join(", ", values)}{(isKernel ? $", MORE{e}" : "")} }};\n");
        }
        return text.ToString();
    }
}
