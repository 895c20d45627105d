namespace EbpfReceiver.Bpf;

/// <summary>Groups of relocation kinds.</summary>
internal static class CoreRelocationKinds
{
    internal static bool IsField(this CoreRelocationKind kind) => kind <= CoreRelocationKind.FieldRightShift;

    internal static bool IsType(this CoreRelocationKind kind) =>
        kind is >= CoreRelocationKind.TypeIdLocal and <= CoreRelocationKind.TypeSize or CoreRelocationKind.TypeMatches;

    internal static bool IsEnumerator(this CoreRelocationKind kind) =>
        kind is CoreRelocationKind.EnumValueExists or CoreRelocationKind.EnumValue;

    internal static bool IsKnown(this CoreRelocationKind kind) => kind <= CoreRelocationKind.TypeMatches;
}
