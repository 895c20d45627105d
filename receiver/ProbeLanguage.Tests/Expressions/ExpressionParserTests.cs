using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class ExpressionParserTests
{
    [Theory]
    [InlineData("a + b * c", "(a Add (b Multiply c))")]
    [InlineData("a - b - c", "((a Subtract b) Subtract c)")]
    [InlineData("a & b == c", "(a BitAnd (b Equal c))")]
    [InlineData("a | b ^ c & d", "(a BitOr (b BitXor (c BitAnd d)))")]
    [InlineData("a || b && c", "(a Or (b And c))")]
    [InlineData("a << 1 + 2 >> 3", "((a ShiftLeft (1 Add 2)) ShiftRight 3)")]
    [InlineData("!a.b->c[2] == -1", "((Not a.b.c[2]) Equal (Negate 1))")]
    [InlineData("a ? b : c ? d : e", "(a ? b : (c ? d : e))")]
    [InlineData("(u32)a + 1", "((as u32 a) Add 1)")]
    [InlineData("((struct sock *)arg0)->x", "(as struct sock * arg0).x")]
    [InlineData("as(struct sock, arg0).x", "(as struct sock * arg0).x")]
    [InlineData("x in (1, 2) && y in \"10.0.0.0/8\"", "(in(x, 1, 2) And in(y, '10.0.0.0/8'))")]
    [InlineData("in(x, [1, 2])", "in(x, 1, 2)")]
    [InlineData("sizeof(struct page) + sizeof(x)", "(sizeof struct page Add sizeof(x))")]
    [InlineData("*p == 'A'", "((Dereference p) Equal 65)")]
    [InlineData("unsigned_x * 2", "(unsigned_x Multiply 2)")]
    [InlineData("(unsigned long long)x", "(as unsigned long long x)")]
    public void Operators_bind_as_in_C(string text, string tree) => Assert.Equal(tree, Show(ExpressionParser.Parse(text)));

    [Theory]
    [InlineData("0xff", 255, false)]
    [InlineData("0b101", 5, false)]
    [InlineData("0644", 420, false)]
    [InlineData("1_000_000", 1_000_000, false)]
    [InlineData("1e6", 1_000_000, false)]
    [InlineData("20ms", 20_000_000, true)]
    [InlineData("1.5us", 1_500, true)]
    [InlineData("2h", 7_200_000_000_000, true)]
    [InlineData("4KiB", 4096, false)]
    [InlineData("3k", 3000, false)]
    [InlineData("10UL", 10, false)]
    [InlineData("18446744073709551615", -1, false)]
    public void Numbers_have_the_units_of_people_and_of_C(string text, long value, bool isTime)
    {
        var number = Assert.IsType<NumberSyntax>(ExpressionParser.Parse(text));
        Assert.Equal((unchecked((ulong)value), isTime), (number.Value, number.IsTime));
    }

    [Fact]
    public void Depth_and_size_are_bounded()
    {
        Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(new string('(', 1000) + "1" + new string(')', 1000)));
        Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(new string('-', 1000) + "1"));
        Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(string.Join('+', Enumerable.Repeat("1", 1500))));
        Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(new string('a', 5000)));
        Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse("a" + string.Concat(Enumerable.Repeat(".b", 500))));
    }

    private static string Show(ExpressionSyntax syntax) => syntax switch
    {
        NumberSyntax number => number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        StringSyntax text => $"'{text.Value}'",
        NameSyntax name => name.Name,
        MemberSyntax member => $"{Show(member.Target)}.{member.Name}",
        IndexSyntax index => $"{Show(index.Target)}[{Show(index.Index)}]",
        CallSyntax call => $"{call.Function}({string.Join(", ", call.Arguments.Select(Show))})",
        CastSyntax cast => $"(as {cast.Type} {Show(cast.Operand)})",
        SizeofSyntax size => $"sizeof {size.Type}",
        UnarySyntax unary => $"({unary.Operator} {Show(unary.Operand)})",
        BinarySyntax binary => $"({Show(binary.Left)} {binary.Operator} {Show(binary.Right)})",
        ConditionalSyntax choice => $"({Show(choice.Condition)} ? {Show(choice.WhenTrue)} : {Show(choice.WhenFalse)})",
        _ => "?",
    };
}
