using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes.Libraries;

/// <summary>A hook in libraries: programs that are loaded, to be attached to each file.</summary>
/// <param name="Name">The hook.</param>
/// <param name="Alternative">The name of its alternative.</param>
/// <param name="Programs">Its programs.</param>
internal sealed record LibraryHook(string Name, string Alternative, IReadOnlyList<BpfProgram> Programs)
{
    /// <summary>The function that a program hooks: what follows the colon in its section.</summary>
    public static string SymbolOf(ProgramSpec program)
    {
        string symbol = program.AttachTarget[(program.AttachTarget.IndexOf(':') + 1)..];
        return OffsetOf(program) > 0 ? symbol[..symbol.LastIndexOf('+')] : symbol;
    }

    /// <summary>Bytes past the function's start, as <c>file:function+0x10</c> says; 0 where it says nothing.</summary>
    public static ulong OffsetOf(ProgramSpec program)
    {
        ReadOnlySpan<char> target = program.AttachTarget;
        int plus = target.LastIndexOf('+');
        if (plus < 0) return 0;
        ReadOnlySpan<char> offset = target[(plus + 1)..];
        bool hex = offset.StartsWith("0x", StringComparison.Ordinal);
        return ulong.TryParse(hex ? offset[2..] : offset, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes)
            ? bytes
            : 0;
    }
}
