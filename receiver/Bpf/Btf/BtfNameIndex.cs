using System.Buffers.Binary;
using System.Numerics;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A hash table from names to types, chained through arrays: a kernel has 130,000 types, and a managed object or string for
/// each would cost more than all the rest of loading. Flavours (<c>___x</c>) are no part of the key.
/// </summary>
internal sealed class BtfNameIndex
{
    private readonly int[] _heads; // own index + 1 of the first type of a bucket; 0: none
    private readonly int[] _next;  // own index + 1 of the next type of the same bucket; 0: none

    private BtfNameIndex(int[] heads, int[] next)
    {
        _heads = heads;
        _next = next;
    }

    internal static BtfNameIndex Build(BtfTypes types)
    {
        var offsets = types.Offsets;
        var image = types.Image.Span;
        var heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(offsets.Length, 16))];
        var next = new int[offsets.Length];
        // From the last to the first, so that each chain is in the order of the ids.
        for (var i = offsets.Length - 1; i >= 0; i--)
        {
            // The name is the first word of a type; 0 stands for none.
            var name = BinaryPrimitives.ReadUInt32LittleEndian(image[offsets[i]..]);
            if (name == 0)
                continue;
            ref var head = ref heads[Hash(EssentialName.Of(types.StringAt(name))) & (uint)(heads.Length - 1)];
            next[i] = head;
            head = i + 1;
        }
        return new(heads, next);
    }

    internal Enumerator Find(BtfTypes types, ReadOnlySpan<byte> essentialName) =>
        new(this, types, essentialName, _heads[Hash(essentialName) & (uint)(_heads.Length - 1)]);

    // FNV-1a: names are short, and the order of hashes must not matter to anyone.
    private static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = 2166136261;
        foreach (var b in name)
            hash = (hash ^ b) * 16777619;
        return hash ^ (hash >> 15);
    }

    /// <summary>Goes over the types of one name.</summary>
    internal ref struct Enumerator
    {
        private readonly BtfNameIndex _index;
        private readonly BtfTypes _types;
        private readonly ReadOnlySpan<byte> _name;
        private int _at;

        internal Enumerator(BtfNameIndex index, BtfTypes types, ReadOnlySpan<byte> name, int head)
        {
            _index = index;
            _types = types;
            _name = name;
            _at = head;
        }

        public uint Current { get; private set; }

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_at != 0)
            {
                var id = _types.FirstId + (uint)_at - 1;
                _at = _index._next[_at - 1];
                if (EssentialName.Of(_types[id].NameUtf8).SequenceEqual(_name))
                {
                    Current = id;
                    return true;
                }
            }
            return false;
        }
    }
}
