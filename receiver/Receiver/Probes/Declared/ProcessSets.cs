using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>The sets that user space keeps up while a probe runs: which executables and groups its scope means now.</summary>
/// <param name="probe">The probe.</param>
/// <param name="meanings">What is in its sets.</param>
internal sealed class ProcessSets(CompiledProbe probe, IReadOnlyList<BoundSet> meanings)
{
    private readonly List<(BoundSet Meaning, BpfMap Map, HashSet<ulong> Members)> _sets = [];

    /// <summary>The maps are there: they are filled before programs run.</summary>
    public void Attach(BpfObject made)
    {
        foreach (SetLayout set in probe.Sets)
        {
            if (meanings.FirstOrDefault(m => m.Name == set.Set) is { } meaning) _sets.Add((meaning, made.Map(set.MapName), []));
        }

        Refresh();
    }

    /// <summary>The maps are about to go.</summary>
    public void Detach() => _sets.Clear();

    /// <summary>Looks what belongs to them now.</summary>
    public void Refresh()
    {
        foreach ((BoundSet meaning, BpfMap map, HashSet<ulong> members) in _sets)
        {
            HashSet<ulong> wanted = ScopeMembers.Of(meaning);
            foreach (ulong member in wanted)
            {
                if (members.Count < map.MaxEntries && members.Add(member)) map.Update(Key(in member), new byte[map.EntryBytes]);
            }

            foreach (ulong member in members)
            {
                if (!wanted.Contains(member) && members.Remove(member)) map.Delete(Key(in member));
            }
        }
    }

    private static ReadOnlySpan<byte> Key(ref readonly ulong member) => MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in member));
}
