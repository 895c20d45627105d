using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Reads what a probe counts of hits that it could not record as it was meant to.</summary>
/// <param name="probe">The probe.</param>
internal sealed class LossReading(CompiledProbe probe)
{
    private readonly long[] _counts = new long[Enum.GetValues<LossCause>().Length];
    private BpfMap? _map;
    private byte[] _entry = [];

    /// <summary>The causes a probe has counters for, each once.</summary>
    public IReadOnlyList<LossCause> Causes { get; } = [.. probe.Losses.Select(l => l.Cause).Distinct().Order()];

    /// <summary>The probe was attached.</summary>
    public void Attach(BpfObject made)
    {
        _map = probe.LossMap.Length > 0 ? made.Map(probe.LossMap) : null;
        _entry = new byte[_map?.EntryBytes ?? 0];
    }

    /// <summary>The probe is about to be detached.</summary>
    public void Detach() => _map = null;

    /// <summary>Reads the counters, all emitters and CPUs together.</summary>
    public void Read()
    {
        if (_map is not { } map) return;
        uint key = 0;
        if (!map.TryLookup(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key)), _entry)) return;
        Array.Clear(_counts);
        for (int at = 0; at + map.ValueSize <= _entry.Length; at += map.ValueStride)
        {
            foreach (LossCounter counter in probe.Losses)
                _counts[(int)counter.Cause] += MemoryMarshal.Read<long>(_entry.AsSpan(at + counter.Offset));
        }
    }

    /// <summary>What was counted at the last reading.</summary>
    public long Count(LossCause cause) => _counts[(int)cause];

    /// <summary>What a cause is called in metrics.</summary>
    public static string NameOf(LossCause cause) => cause switch
    {
        LossCause.SeriesOverflow => "series_overflow",
        LossCause.RateLimited => "rate_limited",
        LossCause.SampleFailed => "sample_failed",
        LossCause.ProbeRateLimited => "probe_rate_limited",
        LossCause.UnmatchedStart => "unmatched_start",
        LossCause.UnmatchedEnd => "unmatched_end",
        LossCause.StartsFull => "starts_full",
        LossCause.NegativeValue => "negative_value",
        _ => "scratch_busy",
    };
}
