using System.Runtime.InteropServices;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// Takes the samples of all declared probes and hands each to the emitter it comes from. Probes come and go while samples are read: the table
/// of them is replaced as a whole, and a probe that is taken out stays in it until its last samples were read.
/// </summary>
/// <param name="identity">Which processes there are.</param>
/// <param name="items">Takes spans and log records.</param>
internal sealed class DeclaredEvents(IdentityTable identity, DeclaredItems items) : SampleDecoder
{
    /// <summary>Samples wait in the perf buffer for as long as its drain interval at most, which is 10 s at most.</summary>
    private const long KeptMilliseconds = 15_000;

    private readonly Lock _gate = new();
    private volatile Entry[] _entries = [];

    /// <summary>Samples of a probe come from now on.</summary>
    /// <param name="id">What its samples are marked with.</param>
    /// <param name="scope">Its scope.</param>
    /// <param name="emitters">Its emitters by index; null for those that are no events.</param>
    /// <param name="isActive">False: another probe tells the same until <see cref="Begin"/>.</param>
    public void Add(uint id, EncodedScope scope, EventEmitter?[] emitters, bool isActive)
    {
        lock (_gate)
        {
            long now = Environment.TickCount64;
            Entry[] kept =
            [
                .. _entries.Where(e => e.RemovedAt == 0 || now - e.RemovedAt < KeptMilliseconds),
                new Entry(id, emitters) { Scope = scope, From = isActive ? 0 : ulong.MaxValue },
            ];
            items.Use([.. kept.Select(e => e.Scope).Distinct()]);
            _entries = kept;
        }
    }

    /// <summary>A probe has taken the place of another: what happens from then on is its.</summary>
    /// <param name="id">The probe.</param>
    /// <param name="time">ns, CLOCK_MONOTONIC.</param>
    public void Begin(uint id, ulong time)
    {
        lock (_gate) _entries = [.. _entries.Select(e => e.Id == id ? e with { From = time } : e)];
    }

    /// <summary>Another probe has taken the place of one: what happens from then on is the other's.</summary>
    /// <param name="id">The probe that was there before.</param>
    /// <param name="time">ns, CLOCK_MONOTONIC.</param>
    public void End(uint id, ulong time)
    {
        lock (_gate) _entries = [.. _entries.Select(e => e.Id == id ? e with { Until = time } : e)];
    }

    /// <summary>A probe is detached: what it sent may still be on its way.</summary>
    public void Remove(uint id)
    {
        lock (_gate)
        {
            long now = Math.Max(Environment.TickCount64, 1);
            _entries = [.. _entries.Select(e => e.Id == id && e.RemovedAt == 0 ? e with { RemovedAt = now } : e)];
        }
    }

    /// <inheritdoc/>
    public override SampleOutcome Decode(ReadOnlySpan<byte> sample)
    {
        if (sample.Length < EventLayout.FieldsOffset) return SampleOutcome.Undecodable;
        uint id = MemoryMarshal.Read<uint>(sample[EventLayout.ProbeIdOffset..]);
        int index = MemoryMarshal.Read<ushort>(sample[EventLayout.EmitterOffset..]);
        foreach (Entry entry in _entries)
        {
            if (entry.Id != id) continue;
            if (index >= entry.Emitters.Length || entry.Emitters[index] is not { } emitter || sample.Length < emitter.Size) return SampleOutcome.Undecodable;
            ref readonly SampleHeader header = ref As<SampleHeader>(sample);
            if (header.Time < entry.From || header.Time >= entry.Until) return SampleOutcome.Duplicate;
            ReadOnlySpan<byte> comm = header.Comm;
            ItemOwner owner = identity.KeyOf((int)header.Process.Pid, header.Process.StartTime, header.Time, comm, header.Uid, out bool observed);
            if (!observed) return SampleOutcome.Excluded;
            emitter.Write(items, owner, entry.Scope, sample, header.Time);
            return SampleOutcome.Delivered;
        }

        return SampleOutcome.Undecodable;
    }

    /// <summary>A probe whose samples may come.</summary>
    private sealed record Entry(uint Id, EventEmitter?[] Emitters)
    {
        public required EncodedScope Scope { get; init; }

        public ulong From { get; init; }

        public ulong Until { get; init; } = ulong.MaxValue;

        public long RemovedAt { get; init; }
    }
}
