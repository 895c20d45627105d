using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage.Tests.Interpretation;

/// <summary>A map of the interpreter; per-CPU maps have one CPU.</summary>
internal sealed class MachineMap(MapSpec spec)
{
    private readonly Dictionary<string, ulong> _entries = [];

    public MapSpec Spec { get; } = spec;

    public bool IsArray => Spec.Type is BpfMapType.Array or BpfMapType.PerCpuArray;

    public int Count => _entries.Count;

    public IEnumerable<(byte[] Key, ulong Address)> Entries => _entries.Select(static e => (Convert.FromHexString(e.Key), e.Value));

    public ulong Lookup(ReadOnlySpan<byte> key) => _entries.GetValueOrDefault(Convert.ToHexString(key));

    public void Set(ReadOnlySpan<byte> key, ulong address) => _entries[Convert.ToHexString(key)] = address;

    public bool Remove(ReadOnlySpan<byte> key) => _entries.Remove(Convert.ToHexString(key));
}
