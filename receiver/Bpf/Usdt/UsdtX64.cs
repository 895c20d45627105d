using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>Operands of x86-64 in the syntax of the GNU assembler, as far as a probe's argument can be one.</summary>
internal static class UsdtX64
{
    /// <summary>
    /// Offsets in struct pt_regs (arch/x86/include/asm/ptrace.h), by every name of a register that starts at its lowest bit.
    /// </summary>
    private static readonly Dictionary<string, int> Registers = MakeRegisters();

    public static UsdtArgument? Parse(ReadOnlySpan<char> place, out string problem)
    {
        problem = "";
        if (place[0] == '$')
        {
            if (UsdtNumber.TryParse(place[1..], out var constant))
                return new() { Kind = UsdtArgumentKind.Constant, Size = 0, IsSigned = false, Value = constant };
            problem = "it is the address of a symbol, which is only known when the program runs";
            return null;
        }

        if (place.Contains(':'))
        {
            problem = "it is in another segment (thread-local memory)";
            return null;
        }

        var open = place.IndexOf('(');
        if (open >= 0)
            return ParseMemory(place, open, out problem);
        if (place[0] != '%')
        {
            problem = "it is at a fixed address, which is only known when the program runs";
            return null;
        }

        return Register(place, out problem) is { } register
            ? new() { Kind = UsdtArgumentKind.Register, Size = 0, IsSigned = false, RegisterOffset = register }
            : null;
    }

    /// <summary><c>OFFSET(BASE, INDEX, SCALE)</c>, of which only BASE must be there.</summary>
    private static UsdtArgument? ParseMemory(ReadOnlySpan<char> place, int open, out string problem)
    {
        problem = "its parentheses do not match";
        if (place[^1] != ')')
            return null;
        long offset = 0;
        if (open > 0 && !UsdtNumber.TryParse(place[..open], out offset))
        {
            problem = "its address is that of a symbol, which is only known when the program runs";
            return null;
        }

        if (offset is < int.MinValue or > int.MaxValue)
        {
            problem = "the offset does not fit an address";
            return null;
        }

        var inside = place[(open + 1)..^1];
        Span<Range> parts = stackalloc Range[4];
        var count = inside.Split(parts, ',');
        if (count > 3)
        {
            problem = "it has more than a base, an index and a scale";
            return null;
        }

        var first = inside[parts[0]].Trim();
        if (first.IsEmpty)
        {
            problem = "its address has no base register";
            return null;
        }

        if (Register(first, out problem) is not { } register)
            return null;
        if (count == 1)
            return new() { Kind = UsdtArgumentKind.Memory, Size = 0, IsSigned = false, RegisterOffset = register, Value = offset };
        if (Register(inside[parts[1]].Trim(), out problem) is not { } index)
            return null;
        var scale = count == 2 ? 0 : inside[parts[2]].Trim() switch
        {
            "1" => 0,
            "2" => 1,
            "4" => 2,
            "8" => 3,
            _ => -1,
        };
        if (scale < 0)
        {
            problem = "the scale of its index is not 1, 2, 4 or 8";
            return null;
        }

        return new()
        {
            Kind = UsdtArgumentKind.IndexedMemory,
            Size = 0,
            IsSigned = false,
            RegisterOffset = register,
            IndexRegisterOffset = index,
            Scale = scale,
            Value = offset,
        };
    }

    private static int? Register(ReadOnlySpan<char> text, out string problem)
    {
        problem = "";
        if (text.StartsWith("%") && Registers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[1..].Trim(), out var offset))
            return offset;
        problem = text switch
        {
            "%rip" => "its address is relative to the instruction, and so only known when the program runs",
            "%ah" or "%bh" or "%ch" or "%dh" => "it is in the upper half of a register",
            _ when text.StartsWith("%xmm") || text.StartsWith("%ymm") || text.StartsWith("%st")
                => "it is in a floating-point register, which BPF programs do not see",
            _ => "it names no register that BPF programs see",
        };
        return null;
    }

    private static Dictionary<string, int> MakeRegisters()
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        ReadOnlySpan<(string Letter, int Offset)> lettered = [("a", 80), ("b", 40), ("c", 88), ("d", 96)];
        foreach (var (letter, offset) in lettered)
            Add(offset, $"r{letter}x", $"e{letter}x", $"{letter}x", $"{letter}l");
        ReadOnlySpan<(string Name, int Offset)> pointers = [("si", 104), ("di", 112), ("bp", 32), ("sp", 152)];
        foreach (var (name, offset) in pointers)
            Add(offset, $"r{name}", $"e{name}", name, $"{name}l");
        ReadOnlySpan<int> numbered = [72, 64, 56, 48, 24, 16, 8, 0]; // r8 to r15
        for (var i = 0; i < numbered.Length; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"r{8 + i}");
            Add(numbered[i], name, $"{name}d", $"{name}w", $"{name}b", $"{name}l");
        }

        return names;

        void Add(int offset, params ReadOnlySpan<string> spellings)
        {
            foreach (var spelling in spellings)
                names.Add(spelling, offset);
        }
    }
}
