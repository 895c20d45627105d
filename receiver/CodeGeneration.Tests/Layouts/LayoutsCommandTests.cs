using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace EbpfReceiver.CodeGeneration.Tests;

public sealed partial class LayoutsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("layouts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Mirrors_of_the_samples_are_where_a_c_compiler_puts_the_fields()
    {
        var header = Path.Combine(AppContext.BaseDirectory, "bpf", "samples.h");
        var code = Generate(0, Compile("real", $"#include \"{header}\"\nunion sample_layouts *layouts;\n"));

        // The C compiler of the host, on the same header, says what each figure should be.
        var program = new StringBuilder($"#include <stddef.h>\n#include <stdio.h>\n#include \"{header}\"\nint main(void)\n{{\n");
        var expected = new StringBuilder();
        var fields = 0;
        foreach (Match type in Struct().Matches(code))
        {
            var name = type.Groups["c"].Value;
            program.Append(CultureInfo.InvariantCulture, $"printf(\"{name} %zu\\n\", sizeof({name}));\n");
            expected.Append(CultureInfo.InvariantCulture, $"{name} {type.Groups["size"]}\n");
            foreach (Match field in Field().Matches(type.Groups["body"].Value))
            {
                var member = field.Groups["c"].Value;
                program.Append($"printf(\".{member} %zu %zu\\n\", offsetof({name}, {member}), sizeof((({name} *)0)->{member}));\n");
                expected.Append(CultureInfo.InvariantCulture, $".{member} {field.Groups["offset"]} {field.Groups["size"]}\n");
                Assert.Equal(Pascal(member), field.Groups["cs"].Value);
                fields++;
            }
        }
        program.Append("}\n");
        Assert.True(fields > 100, $"{fields} fields");
        var source = Path.Combine(_folder, "offsets.c");
        File.WriteAllText(source, program.ToString());
        Run("cc", $"-o {_folder}/offsets {source}");
        Assert.Equal(Run($"{_folder}/offsets", ""), expected.ToString());
        Assert.Contains("public const int TailOffset", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_become_csharp_of_the_same_shape()
    {
        var code = Generate(0, Compile("shapes", """
            enum color { COLOR_RED = 1, COLOR_8BIT = 2, OTHER = 7 };
            enum sign { SIGN_MINUS = -1 };
            struct part { short a; union { int b; struct { char c; signed char d; }; }; };
            struct whole {
                enum color color; enum sign sign; void *pointer; struct part parts[2]; unsigned char bytes[3][5]; _Bool yes; char tail[];
            };
            union sample_layouts { struct whole whole; } *layouts;
            """));
        Assert.Contains("""
            public enum Color : uint
            {
                /// <summary><c>COLOR_RED</c></summary>
                Red = 1,

                /// <summary><c>COLOR_8BIT</c></summary>
                Color8bit = 2,

                /// <summary><c>OTHER</c></summary>
                Other = 7,
            }
            """, code, StringComparison.Ordinal);
        Assert.Contains("public enum Sign : int", code, StringComparison.Ordinal);
        Assert.Equal(
            [
                "[StructLayout(LayoutKind.Explicit, Size = 8)]", "[FieldOffset(0)] public short A;", "[FieldOffset(4)] public int B;",
                "[FieldOffset(4)] public byte C;", "[FieldOffset(5)] public sbyte D;",
                "[InlineArray(2)]", "[InlineArray(5)]", "[InlineArray(3)]",
                "[StructLayout(LayoutKind.Explicit, Size = 48)]", "[FieldOffset(0)] public Color Color;",
                "[FieldOffset(4)] public Sign Sign;", "[FieldOffset(8)] public ulong Pointer;",
                "[FieldOffset(16)] public PartArray2 Parts;", "[FieldOffset(32)] public ByteArray5Array3 Bytes;",
                "[FieldOffset(47)] public byte Yes;",
            ],
            code.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('[')));
        Assert.Contains("public const int TailOffset = 48;", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_that_do_not_agree_fail_the_build()
    {
        var one = Compile("one", "struct a { int x; long y; }; union sample_layouts { struct a a; } *layouts;");
        var two = Compile("two", "struct a { int x, z; long y; }; union sample_layouts { struct a a; } *layouts;");
        Assert.Contains("error BPF0003: A is not the same in", Generate(1, one, two), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "Layouts.g.cs")));
    }

    [Theory]
    [InlineData(
        "struct a { int x : 3; }; union sample_layouts { struct a a; } *layouts;",
        "struct a.x is a bit field, which has no mirror in C#.")]
    [InlineData("int x;", "has no union sample_layouts in its BTF; a variable that points to it keeps it there.")]
    public void What_has_no_mirror_is_said(string source, string message) =>
        Assert.Contains(message, Generate(1, Compile("bad", source)), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_object_is_said() =>
        Assert.Contains("this is not an ELF file", Generate(1, WriteFile("no.o", "no")), StringComparison.Ordinal);

    [Fact]
    public void Arguments_are_explained()
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Assert.Equal(0, LayoutsCommand.Run(["--help"], output, errors));
        Assert.Contains("--namespace NAMESPACE", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, LayoutsCommand.Run(["--outptu", "x"], output, errors));
        Assert.Contains("--outptu is not known", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, LayoutsCommand.Run(["--namespace", "X"], output, errors));
    }

    /// <summary>Runs the command; gives the file or, on failure, what it said.</summary>
    private string Generate(int exitCode, params string[] objects)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var file = Path.Combine(_folder, "Layouts.g.cs");
        Assert.Equal(exitCode, LayoutsCommand.Run(["--namespace", "Test.Samples", "--output", file, .. objects], output, errors));
        return exitCode == 0 ? File.ReadAllText(file) : errors.ToString();
    }

    private string Compile(string name, string source)
    {
        var path = WriteFile(name + ".bpf.c", source);
        Run("clang", $"-target bpf -O2 -g -c {path} -o {_folder}/{name}.o");
        return $"{_folder}/{name}.o";
    }

    private string WriteFile(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}\n{errors.Result}");
        return output;
    }

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    [GeneratedRegex(
        @"<c>(?<c>struct \w+)</c>, (?<size>\d+) bytes\.</summary>\n\[StructLayout\(LayoutKind\.Explicit, Size = \k<size>\)\]\n"
        + @"public struct \w+\n{\n(?<body>.*?)\n}\n", RegexOptions.Singleline)]
    private static partial Regex Struct();

    [GeneratedRegex(
        @"<c>[^<]* (?<c>\w+)</c>, (?<size>\d+) bytes at (?<offset>\d+)\.</summary>\n"
        + @"    \[FieldOffset\(\k<offset>\)\] public \w+ (?<cs>\w+);")]
    private static partial Regex Field();
}
