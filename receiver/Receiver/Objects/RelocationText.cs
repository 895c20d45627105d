using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Objects;

/// <summary>Results of relocations in words.</summary>
internal static class RelocationText
{
    /// <summary>What a relocation came to: <c>16 -> 24</c>, <c>poisoned: ...</c>, <c>refused: ...</c>.</summary>
    public static string Result(RelocationResult relocation)
    {
        if (relocation.Problem is { } problem)
            return $"{(relocation.IsRefused ? "refused" : "poisoned")}: {problem}";
        string change = relocation.LocalValue == relocation.TargetValue
            ? Value(relocation, relocation.TargetValue)
            : $"{Value(relocation, relocation.LocalValue)} -> {Value(relocation, relocation.TargetValue)}";
        (uint was, uint now) = relocation.AccessSize;
        return was == now ? change : $"{change}, {was} -> {now} bytes";
    }

    // Values of enums may be negative; all else is a size, an offset, or an answer of yes and no.
    private static string Value(RelocationResult relocation, ulong? value) => relocation.Kind == CoreRelocationKind.EnumValue
        ? ((long?)value)?.ToString(CultureInfo.InvariantCulture) ?? "?"
        : value?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
