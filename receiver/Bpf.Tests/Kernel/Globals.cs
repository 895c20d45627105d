using System.Buffers.Binary;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Global variables of a loaded object, by their names.</summary>
internal static class Globals
{
    /// <summary>The bytes of a variable in .bss or .data.</summary>
    public static byte[] Read(BpfObject loaded, string name)
    {
        var types = loaded.Spec.Types!;
        foreach (var section in (ReadOnlySpan<string>)[".bss", ".data"])
        {
            if (!types.TryFind(section, BtfKind.DataSection, out var id))
                continue;
            for (var i = 0; i < types[id].Count; i++)
            {
                var place = types[id].Variable(i);
                if (types[place.VariableId].Name != name)
                    continue;
                var value = new byte[loaded.Map(section).EntryBytes];
                Assert.True(loaded.Map(section).TryLookup(stackalloc byte[4], value));
                return value.AsSpan((int)place.Offset, (int)place.Size).ToArray();
            }
        }
        throw new ArgumentException(name, nameof(name));
    }

    /// <summary>A number of up to eight bytes, without a sign.</summary>
    public static ulong Number(BpfObject loaded, string name)
    {
        Span<byte> bytes = stackalloc byte[8];
        Read(loaded, name).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
