using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Where registers are in <c>struct pt_regs</c>, and which of them hold arguments.</summary>
/// <remarks>Sources: arch/x86/include/asm/ptrace.h and the System V ABI; arch/arm64/include/uapi/asm/ptrace.h and AAPCS64.</remarks>
internal static class Registers
{
    private static readonly Dictionary<string, int> X64 = new(StringComparer.Ordinal)
    {
        ["r15"] = 0,
        ["r14"] = 8,
        ["r13"] = 16,
        ["r12"] = 24,
        ["bp"] = 32,
        ["bx"] = 40,
        ["r11"] = 48,
        ["r10"] = 56,
        ["r9"] = 64,
        ["r8"] = 72,
        ["ax"] = 80,
        ["cx"] = 88,
        ["dx"] = 96,
        ["si"] = 104,
        ["di"] = 112,
        ["orig_ax"] = 120,
        ["ip"] = 128,
        ["cs"] = 136,
        ["flags"] = 144,
        ["sp"] = 152,
        ["ss"] = 160,
    };

    private static readonly string[] X64Arguments = ["di", "si", "dx", "cx", "r8", "r9"];

    /// <summary>How many arguments are in registers.</summary>
    public static int ArgumentCount(UsdtArchitecture architecture) => architecture == UsdtArchitecture.X64 ? 6 : 8;

    /// <summary>Where an argument is in pt_regs.</summary>
    public static int OfArgument(UsdtArchitecture architecture, int index) => architecture == UsdtArchitecture.X64 ? X64[X64Arguments[index]] : index * 8;

    /// <summary>Where the result is in pt_regs.</summary>
    public static int OfResult(UsdtArchitecture architecture) => architecture == UsdtArchitecture.X64 ? X64["ax"] : 0;

    /// <summary>Where the stack pointer is in pt_regs.</summary>
    public static int OfStack(UsdtArchitecture architecture) => architecture == UsdtArchitecture.X64 ? X64["sp"] : 31 * 8;

    /// <summary>Where a register is in pt_regs, by any of its names of full width.</summary>
    public static bool TryFind(UsdtArchitecture architecture, string name, out int offset)
    {
        if (architecture == UsdtArchitecture.X64)
            return X64.TryGetValue(name is ['r', .. var rest] && X64.ContainsKey(rest) ? rest : name, out offset);
        offset = name switch
        {
            "sp" => 31 * 8,
            "pc" or "ip" => 32 * 8,
            "pstate" => 33 * 8,
            "lr" => 30 * 8,
            "fp" => 29 * 8,
            ['x' or 'r', .. var number] when int.TryParse(number, out int n) && n is >= 0 and <= 30 => n * 8,
            _ => -1,
        };
        return offset >= 0;
    }

    /// <summary>The names, for suggestions.</summary>
    public static IEnumerable<string> Names(UsdtArchitecture architecture) => architecture == UsdtArchitecture.X64
        ? X64.Keys.Select(k => k.StartsWith('r') || k.Length != 2 ? k : "r" + k)
        : [.. Enumerable.Range(0, 31).Select(i => $"x{i}"), "sp", "pc"];
}
