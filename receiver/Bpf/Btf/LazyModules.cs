using System.Collections;

namespace EbpfReceiver.Bpf;

/// <summary>Modules that are only listed when one is asked for: few programs need them.</summary>
internal sealed class LazyModules(Lazy<IReadOnlyList<ModuleTypes>> modules) : IReadOnlyList<ModuleTypes>
{
    public int Count => modules.Value.Count;

    public ModuleTypes this[int index] => modules.Value[index];

    public IEnumerator<ModuleTypes> GetEnumerator() => modules.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
