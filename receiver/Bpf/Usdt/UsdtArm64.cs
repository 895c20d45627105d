using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>Operands of aarch64, as far as a probe's argument can be one.</summary>
internal static class UsdtArm64
{
    private const int StackPointer = 31 * 8; // struct user_pt_regs: x0 to x30, sp, pc, pstate

    public static UsdtArgument? Parse(ReadOnlySpan<char> place, out string problem)
    {
        problem = "";
        if (place[0] == '[')
            return ParseMemory(place, out problem);
        if (place is "xzr" or "wzr")
            return new() { Kind = UsdtArgumentKind.Constant, Size = 0, IsSigned = false };
        if (UsdtNumber.TryParse(place[0] == '#' ? place[1..] : place, out var constant))
            return new() { Kind = UsdtArgumentKind.Constant, Size = 0, IsSigned = false, Value = constant };
        return Register(place, out problem) is { } register
            ? new() { Kind = UsdtArgumentKind.Register, Size = 0, IsSigned = false, RegisterOffset = register }
            : null;
    }

    /// <summary><c>[BASE]</c>, <c>[BASE, OFFSET]</c> or <c>[BASE, INDEX, lsl SHIFT]</c>.</summary>
    private static UsdtArgument? ParseMemory(ReadOnlySpan<char> place, out string problem)
    {
        problem = "its brackets do not match";
        if (place[^1] != ']')
            return null;
        var inside = place[1..^1];
        Span<Range> parts = stackalloc Range[4];
        var count = inside.Split(parts, ',');
        if (count > 3)
        {
            problem = "it has more than a base, an index and a shift";
            return null;
        }

        if (Register(inside[parts[0]].Trim(), out problem) is not { } register)
            return null;
        var argument = new UsdtArgument { Kind = UsdtArgumentKind.Memory, Size = 0, IsSigned = false, RegisterOffset = register };
        if (count == 1)
            return argument;
        var second = inside[parts[1]].Trim();
        if (count == 2 && UsdtNumber.TryParse(second.StartsWith("#") ? second[1..] : second, out var offset))
        {
            if (offset is >= int.MinValue and <= int.MaxValue)
                return argument with { Value = offset };
            problem = "the offset does not fit an address";
            return null;
        }

        // As an index a w register counts with 32 bits only.
        if (second.StartsWith("w"))
        {
            problem = "its index has 32 bits";
            return null;
        }

        if (Register(second, out problem) is not { } index)
            return null;
        var shift = count == 2 ? 0 : inside[parts[2]].Trim() switch
        {
            "lsl 0" or "lsl #0" => 0,
            "lsl 1" or "lsl #1" => 1,
            "lsl 2" or "lsl #2" => 2,
            "lsl 3" or "lsl #3" => 3,
            _ => -1,
        };
        if (shift >= 0)
            return argument with { Kind = UsdtArgumentKind.IndexedMemory, IndexRegisterOffset = index, Scale = shift };
        problem = "its index is not shifted left by 0 to 3";
        return null;
    }

    private static int? Register(ReadOnlySpan<char> text, out string problem)
    {
        problem = "";
        if (text is "sp")
            return StackPointer;
        if (text.Length is 2 or 3 && text[0] is 'x' or 'w'
            && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 30)
            return number * 8;
        problem = text.Length > 1 && text[0] is 'd' or 's' or 'v' or 'q' && char.IsAsciiDigit(text[1])
            ? "it is in a floating-point register, which BPF programs do not see"
            : "it names no register that BPF programs see";
        return null;
    }
}
