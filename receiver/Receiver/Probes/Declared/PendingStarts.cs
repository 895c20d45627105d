using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// Starts that wait for their end. What never ends (a thread that was killed, an object that was freed) would fill the map: it is taken out after
/// a while, and sooner where the map is nearly full.
/// </summary>
/// <param name="layout">The map.</param>
internal sealed class PendingStarts(StartsLayout layout)
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Longer than operations take: what takes longer is not seen.</summary>
    private const ulong Patience = 3600 * NanosecondsPerSecond;

    /// <summary>How long what never ends may take a place that others need.</summary>
    private const ulong PatienceWhenFull = 60 * NanosecondsPerSecond;

    private readonly MapSnapshot _snapshot = new();
    private BpfMap? _map;

    /// <summary>Starts that wait, as of the last look.</summary>
    public int Waiting { get; private set; }

    /// <summary>Starts that were taken out.</summary>
    public long Expired { get; private set; }

    /// <summary>The probe was attached.</summary>
    public void Attach(BpfObject made) => _map = made.Map(layout.MapName);

    /// <summary>The probe is about to be detached.</summary>
    public void Detach() => _map = null;

    /// <summary>Takes out what waited too long.</summary>
    /// <param name="now">ns, CLOCK_MONOTONIC.</param>
    public void Sweep(ulong now)
    {
        if (_map is not { } map) return;
        Waiting = _snapshot.Refresh(map);
        ulong patience = Waiting > map.MaxEntries / 4 * 3 ? PatienceWhenFull : Patience;
        for (int i = 0; i < Waiting; i++)
        {
            ulong since = MemoryMarshal.Read<ulong>(_snapshot.Value(i)[layout.TimeOffset..]);
            if (since == 0 || now < since || now - since < patience) continue;
            if (map.Delete(_snapshot.Key(i))) Expired++;
        }
    }
}
