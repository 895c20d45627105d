using Xunit;

namespace EbpfReceiver.Bpf.Tests.Usdt;

public sealed class UsdtArgumentTests
{
    // Offsets are those of struct pt_regs.
    [Theory]
    [InlineData("8@%rax", UsdtArgumentKind.Register, 8, false, 0, 80, 0, 0)]
    [InlineData("-4@%edi", UsdtArgumentKind.Register, 4, true, 0, 112, 0, 0)]
    [InlineData("1@%sil", UsdtArgumentKind.Register, 1, false, 0, 104, 0, 0)]
    [InlineData("-2@%r15w", UsdtArgumentKind.Register, 2, true, 0, 0, 0, 0)]
    [InlineData("1@%r8b", UsdtArgumentKind.Register, 1, false, 0, 72, 0, 0)]
    [InlineData("4@$5", UsdtArgumentKind.Constant, 4, false, 5, 0, 0, 0)]
    [InlineData("-8@$-9", UsdtArgumentKind.Constant, 8, true, -9, 0, 0, 0)]
    [InlineData("8@$0xffffffffffffffff", UsdtArgumentKind.Constant, 8, false, -1, 0, 0, 0)]
    [InlineData("4@-1204(%rbp)", UsdtArgumentKind.Memory, 4, false, -1204, 32, 0, 0)]
    [InlineData("8@(%rsp)", UsdtArgumentKind.Memory, 8, false, 0, 152, 0, 0)]
    [InlineData("8@0x10(%r12)", UsdtArgumentKind.Memory, 8, false, 16, 24, 0, 0)]
    [InlineData("-4@8(%rax,%rbx,4)", UsdtArgumentKind.IndexedMemory, 4, true, 8, 80, 40, 2)]
    [InlineData("1@(%rdx,%r9,8)", UsdtArgumentKind.IndexedMemory, 1, false, 0, 96, 64, 3)]
    [InlineData("2@-3(%rcx, %r10)", UsdtArgumentKind.IndexedMemory, 2, false, -3, 88, 56, 0)]
    [InlineData("8@( %r11 , %r13 , 1 )", UsdtArgumentKind.IndexedMemory, 8, false, 0, 48, 16, 0)]
    public void Operands_of_x64_are_read(
        string text, UsdtArgumentKind kind, int size, bool isSigned, long value, int register, int index, int scale)
        => Assert.Equal(
            [Argument(kind, size, isSigned, value, register, index, scale)], UsdtArguments.Parse(text, UsdtArchitecture.X64));

    [Theory]
    [InlineData("8@x0", UsdtArgumentKind.Register, 8, false, 0, 0, 0, 0)]
    [InlineData("-4@w19", UsdtArgumentKind.Register, 4, true, 0, 152, 0, 0)]
    [InlineData("8@sp", UsdtArgumentKind.Register, 8, false, 0, 248, 0, 0)]
    [InlineData("4@7", UsdtArgumentKind.Constant, 4, false, 7, 0, 0, 0)]
    [InlineData("8@xzr", UsdtArgumentKind.Constant, 8, false, 0, 0, 0, 0)]
    [InlineData("8@[x30]", UsdtArgumentKind.Memory, 8, false, 0, 240, 0, 0)]
    [InlineData("-8@[sp, -16]", UsdtArgumentKind.Memory, 8, true, -16, 248, 0, 0)]
    [InlineData("1@[x1, x2, lsl 3]", UsdtArgumentKind.IndexedMemory, 1, false, 0, 8, 16, 3)]
    public void Operands_of_arm64_are_read(
        string text, UsdtArgumentKind kind, int size, bool isSigned, long value, int register, int index, int scale)
        => Assert.Equal(
            [Argument(kind, size, isSigned, value, register, index, scale)], UsdtArguments.Parse(text, UsdtArchitecture.Arm64));

    [Theory]
    [InlineData("8@counter(%rip)", "its address is that of a symbol, which is only known when the program runs")]
    [InlineData("8@16(%rip)", "its address is relative to the instruction, and so only known when the program runs")]
    [InlineData("8@$symbol", "it is the address of a symbol, which is only known when the program runs")]
    [InlineData("8@0x601040", "it is at a fixed address, which is only known when the program runs")]
    [InlineData("8@%fs:16(%rax)", "it is in another segment (thread-local memory)")]
    [InlineData("8@8(,%rax,8)", "its address has no base register")]
    [InlineData("8@(%rax,%rbx,3)", "the scale of its index is not 1, 2, 4 or 8")]
    [InlineData("8@(%rax,%rbx,8,1)", "it has more than a base, an index and a scale")]
    [InlineData("8@(%rax", "its parentheses do not match")]
    [InlineData("8@%xmm0", "it is in a floating-point register, which BPF programs do not see")]
    [InlineData("8f@%rax", "it is a floating-point number, whose registers BPF programs do not see")]
    [InlineData("1@%ah", "it is in the upper half of a register")]
    [InlineData("8@%cr3", "it names no register that BPF programs see")]
    [InlineData("16@%rax", "its size is not 1, 2, 4 or 8")]
    [InlineData("%rax", "it does not say how large it is (SIZE@PLACE)")]
    [InlineData("8@", "it does not say where it is")]
    public void Forms_that_can_not_be_had_are_named(string text, string why)
    {
        var argument = Assert.Single(UsdtArguments.Parse(text, UsdtArchitecture.X64));
        Assert.Equal(UsdtArgumentKind.Unsupported, argument.Kind);
        Assert.Equal($"The argument {text} is not supported: {why}.", argument.Problem);
    }

    [Fact]
    public void Arguments_are_parted_at_blanks_outside_of_parentheses()
    {
        var arguments = UsdtArguments.Parse("  8@%rdi -4@8(%rax, %rbx, 4)\t1@$3 8 @ %rsi", UsdtArchitecture.X64);
        Assert.Equal([8, 4, 1, 8], arguments.Select(a => a.Size));
        Assert.Equal(
            [UsdtArgumentKind.Register, UsdtArgumentKind.IndexedMemory, UsdtArgumentKind.Constant, UsdtArgumentKind.Register],
            arguments.Select(a => a.Kind));
        Assert.Empty(UsdtArguments.Parse("", UsdtArchitecture.X64));
        Assert.Empty(UsdtArguments.Parse(" : ", UsdtArchitecture.X64));
    }

    [Fact]
    public void There_are_twelve_arguments_at_most()
    {
        Assert.Equal(12, UsdtArguments.Parse(Many(12), UsdtArchitecture.X64).Count(a => a.Problem is null));
        var more = UsdtArguments.Parse(Many(100_000), UsdtArchitecture.X64);
        Assert.Equal(12, more.Count);
        Assert.EndsWith("there are more than 12 arguments.", more[11].Problem, StringComparison.Ordinal);

        static string Many(int count) => string.Join(' ', Enumerable.Repeat("8@%rax", count));
    }

    [Fact]
    public void Any_text_has_an_answer()
    {
        const int seed = 20261130; // the same damage every time: what a run finds, the next one finds again
        var random = new Random(seed);
        string[] parts = ["8", "-4", "1", "@", "%", "rax", "%rbx", "$", "-", "0x", "99999999999999999999", "(", ")", ",", " ", "[", "]",
            "x1", "sp", "lsl 2", "f", ":", "\0", "é", "wzr", "#", "\t"];
        for (var round = 0; round < 200_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => parts[random.Next(parts.Length)]));
            foreach (var architecture in Enum.GetValues<UsdtArchitecture>())
            {
                try
                {
                    var arguments = UsdtArguments.Parse(text, architecture);
                    Assert.InRange(arguments.Count, 0, 12);
                    foreach (var argument in arguments)
                    {
                        Assert.Equal(argument.Kind == UsdtArgumentKind.Unsupported, argument.Problem is not null);
                        Assert.True(argument.Size is 1 or 2 or 4 or 8);
                        Assert.InRange(argument.Scale, 0, 3);
                        Assert.InRange(argument.RegisterOffset, 0, 256);
                    }
                }
                catch (Exception e)
                {
                    Assert.Fail($"seed {seed}: {Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text))} ({text}): {e}");
                }
            }
        }
    }

    private static UsdtArgument Argument(UsdtArgumentKind kind, int size, bool isSigned, long value, int register, int index, int scale)
        => new()
        {
            Kind = kind,
            Size = size,
            IsSigned = isSigned,
            Value = value,
            RegisterOffset = register,
            IndexRegisterOffset = index,
            Scale = scale,
        };
}
