using System.Runtime.InteropServices;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>What a map holds for one key, its CPUs added up.</summary>
/// <param name="layout">Where things are.</param>
/// <param name="signed">Values are signed.</param>
internal sealed class RecordedValue(ValueLayout layout, bool signed)
{
    /// <summary>Values recorded.</summary>
    public ulong Count { get; private set; }

    /// <summary>Sum of the values, wrapping.</summary>
    public ulong Sum { get; private set; }

    /// <summary>The least value; valid if there are values.</summary>
    public long Minimum { get; private set; }

    /// <summary>The greatest value; valid if there are values.</summary>
    public long Maximum { get; private set; }

    /// <summary>The last value; valid if there are values.</summary>
    public long Last { get; private set; }

    /// <summary>Values in the zero bucket.</summary>
    public ulong Zero { get; private set; }

    /// <summary>Values below zero.</summary>
    public ulong Negative { get; private set; }

    /// <summary>Buckets; 32 bits as in the kernel, so that differences are right when they come round.</summary>
    public uint[] Buckets { get; } = new uint[layout.Buckets?.Count ?? 0];

    /// <summary>Whether anything was recorded: entries of arrays are there from the start.</summary>
    public bool HasValues { get; private set; }

    /// <summary>Begins with a key.</summary>
    public void Clear()
    {
        Count = Sum = Zero = Negative = 0;
        Minimum = Maximum = Last = 0;
        HasValues = false;
        Array.Clear(Buckets);
    }

    /// <summary>Adds what one CPU holds.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        ulong count = U64(value, layout.CountOffset);
        if (layout.CountOffset >= 0 && count == 0) return;
        Count += count;
        Sum += U64(value, layout.SumOffset);
        if (layout.MinimumOffset >= 0) Minimum = HasValues ? Lesser(Minimum, (long)U64(value, layout.MinimumOffset)) : (long)U64(value, layout.MinimumOffset);
        if (layout.MaximumOffset >= 0) Maximum = HasValues ? Greater(Maximum, (long)U64(value, layout.MaximumOffset)) : (long)U64(value, layout.MaximumOffset);
        if (layout.LastOffset >= 0) Last = (long)U64(value, layout.LastOffset);
        HasValues = true;
        if (layout.Buckets is not { } buckets) return;
        Zero += U64(value, buckets.ZeroOffset);
        Negative += U64(value, buckets.NegativeOffset);
        ReadOnlySpan<uint> counts = MemoryMarshal.Cast<byte, uint>(value.Slice(buckets.Offset, buckets.Count * sizeof(uint)));
        for (int i = 0; i < counts.Length; i++) Buckets[i] += counts[i];
    }

    /// <summary>The lesser of two values, by their sign.</summary>
    public long Lesser(long a, long b) => signed ? Math.Min(a, b) : (long)Math.Min((ulong)a, (ulong)b);

    /// <summary>The greater of two values, by their sign.</summary>
    public long Greater(long a, long b) => signed ? Math.Max(a, b) : (long)Math.Max((ulong)a, (ulong)b);

    private static ulong U64(ReadOnlySpan<byte> value, int offset) =>
        offset < 0 ? 0 : MemoryMarshal.Read<ulong>(value.Slice(offset, sizeof(ulong)));
}
