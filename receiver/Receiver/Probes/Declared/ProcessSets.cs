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

    /// <summary>
    /// What of the scope means nothing on this machine at the moment, a sentence; null: all of it means something. It is looked for again
    /// at every <see cref="Refresh"/>.
    /// </summary>
    public string? Absent { get; private set; }

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
        List<string> sentences = [];
        foreach ((BoundSet meaning, BpfMap map, HashSet<ulong> members) in _sets)
        {
            List<string> absent = [];
            HashSet<ulong> wanted = ScopeMembers.Of(meaning, absent);
            if (absent.Count > 0) sentences.Add(Sentence(meaning, absent));
            if (wanted.Count > map.MaxEntries) sentences.Add($"The scope means {wanted.Count} {Plural(meaning.Kind)}, and {map.MaxEntries} of them are looked at.");
            foreach (ulong member in wanted)
            {
                if (members.Count < map.MaxEntries && members.Add(member)) map.Update(Key(in member), new byte[map.EntryBytes]);
            }

            foreach (ulong member in members)
            {
                if (!wanted.Contains(member) && members.Remove(member)) map.Delete(Key(in member));
            }
        }

        Absent = sentences.Count == 0 ? null : string.Join(" ", sentences);
    }

    private static string Sentence(BoundSet meaning, List<string> absent)
    {
        string what = string.Join(", ", absent);
        string text = meaning.Kind switch
        {
            BoundSetKind.Cgroups => $"The scope names {(absent.Count == 1 ? "a cgroup that is" : "cgroups that are")} not there: {what}.",
            BoundSetKind.Containers => $"The scope names {(absent.Count == 1 ? "a container that does" : "containers that do")} not run here: {what}.",
            _ => $"The scope names {(absent.Count == 1 ? "a file that is" : "files that are")} not there, and no process runs from: {what}.",
        };
        return absent.Count == meaning.Entries.Count ? $"{text} Nothing is seen until there is one." : text;
    }

    private static string Plural(BoundSetKind kind) => kind == BoundSetKind.Executables ? "files" : "cgroups";

    private static ReadOnlySpan<byte> Key(ref readonly ulong member) => MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in member));
}
