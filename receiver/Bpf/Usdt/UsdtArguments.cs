namespace EbpfReceiver.Bpf;

/// <summary>Takes the argument text of a USDT probe apart. Pure, and total: whatever the text, there is an answer.</summary>
public static class UsdtArguments
{
    /// <summary>More than this no probe has (sys/sdt.h, and the specification in BPF).</summary>
    public const int Limit = 12;

    /// <summary>The arguments of a probe. One that is not supported stays in its place, with the reason.</summary>
    /// <param name="text">As in the note: <c>-4@%eax 8@-16(%rbp)</c>; empty or <c>:</c> for none.</param>
    /// <param name="architecture">Whose registers they are.</param>
    /// <returns>At most <see cref="Limit"/>; if there were more, the last of them says so.</returns>
    public static IReadOnlyList<UsdtArgument> Parse(ReadOnlySpan<char> text, UsdtArchitecture architecture)
    {
        var arguments = new List<UsdtArgument>();
        text = text.Trim();
        if (text is ":")
            return arguments;
        while (!text.IsEmpty)
        {
            var one = TakeOne(ref text);
            if (arguments.Count < Limit)
            {
                arguments.Add(ParseOne(one, architecture));
                continue;
            }

            arguments[Limit - 1] = Unsupported(1, false, one, $"there are more than {Limit} arguments");
            break;
        }

        return arguments;
    }

    internal static UsdtArgument Unsupported(int size, bool isSigned, ReadOnlySpan<char> text, string why) => new()
    {
        Kind = UsdtArgumentKind.Unsupported,
        Size = size,
        IsSigned = isSigned,
        Problem = $"The argument {Shortened(text)} is not supported: {why}.",
    };

    /// <summary>
    /// An argument ends at a blank, but one inside brackets or parentheses, or after a comma or around '@', belongs to it.
    /// </summary>
    private static ReadOnlySpan<char> TakeOne(ref ReadOnlySpan<char> text)
    {
        var depth = 0;
        var end = 0;
        for (; end < text.Length; end++)
        {
            var c = text[end];
            if (c is '(' or '[')
                depth++;
            else if (c is ')' or ']')
                depth--;
            else if (char.IsWhiteSpace(c) && depth <= 0 && !GoesOn(text, end))
                break;
        }

        var one = text[..end];
        text = text[end..].TrimStart();
        return one;
    }

    private static bool GoesOn(ReadOnlySpan<char> text, int blank)
    {
        var before = text[..blank].TrimEnd();
        var after = text[blank..].TrimStart();
        return (!before.IsEmpty && before[^1] == '@') || (!after.IsEmpty && after[0] == '@');
    }

    private static UsdtArgument ParseOne(ReadOnlySpan<char> text, UsdtArchitecture architecture)
    {
        var at = text.IndexOf('@');
        if (at < 0)
            return Unsupported(8, false, text, "it does not say how large it is (SIZE@PLACE)");
        var size = text[..at].Trim();
        var isSigned = size.StartsWith("-");
        if (size.EndsWith("f"))
            return Unsupported(8, true, text, "it is a floating-point number, whose registers BPF programs do not see");
        var bytes = (isSigned ? size[1..] : size) switch
        {
            "1" => 1,
            "2" => 2,
            "4" => 4,
            "8" => 8,
            _ => 0,
        };
        if (bytes == 0)
            return Unsupported(8, isSigned, text, "its size is not 1, 2, 4 or 8");
        var place = text[(at + 1)..].Trim();
        if (place.IsEmpty)
            return Unsupported(bytes, isSigned, text, "it does not say where it is");
        var argument = architecture switch
        {
            UsdtArchitecture.X64 => UsdtX64.Parse(place, out var problem) is { } found ? found : Unsupported(bytes, isSigned, text, problem),
            UsdtArchitecture.Arm64 =>
                UsdtArm64.Parse(place, out var problem) is { } found ? found : Unsupported(bytes, isSigned, text, problem),
            _ => Unsupported(bytes, isSigned, text, "the registers of this architecture are not known"),
        };
        return argument with { Size = bytes, IsSigned = isSigned };
    }

    private static string Shortened(ReadOnlySpan<char> text) => text.Length <= 64 ? text.ToString() : $"{text[..64]}...";
}
