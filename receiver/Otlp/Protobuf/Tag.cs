using System.Runtime.CompilerServices;

namespace EbpfReceiver.Otlp;

/// <summary>Field number and wire type as they stand before a value; the JIT folds these to constants.</summary>
internal static class Tag
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Varint(int field) => (uint)field << 3 | (uint)WireType.Varint;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Fixed64(int field) => (uint)field << 3 | (uint)WireType.Fixed64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Length(int field) => (uint)field << 3 | (uint)WireType.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Fixed32(int field) => (uint)field << 3 | (uint)WireType.Fixed32;
}
