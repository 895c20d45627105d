namespace EbpfReceiver.Bpf;

/// <summary>Records of .BTF.ext for one section with code, in the order of the instructions they are about.</summary>
internal sealed class InfoTable
{
    internal static readonly InfoTable Empty = new(default, 0, []);

    private readonly ReadOnlyMemory<byte> _image;
    private readonly (uint InstructionOffset, int At)[] _records;

    internal InfoTable(ReadOnlyMemory<byte> image, int recordSize, (uint InstructionOffset, int At)[] records)
    {
        _image = image;
        RecordSize = recordSize;
        _records = records;
        Array.Sort(_records);
    }

    /// <summary>Bytes of a record; 0 if there are none.</summary>
    internal int RecordSize { get; }

    internal int Count => _records.Length;

    internal ReadOnlySpan<byte> this[int index] => _image.Span.Slice(_records[index].At, RecordSize);

    /// <summary>Byte offset in the section of the instruction that a record is about.</summary>
    internal uint OffsetOf(int index) => _records[index].InstructionOffset;

    /// <summary>Where in .BTF.ext a record is; tells the order in which the compiler wrote the records.</summary>
    internal int PlaceOf(int index) => _records[index].At;

    /// <summary>The records about a range of instructions.</summary>
    internal (int First, int Count) Range(int startInstruction, int instructions)
    {
        var first = LowerBound((ulong)startInstruction * 8);
        return (first, LowerBound(((ulong)startInstruction + (ulong)instructions) * 8) - first);
    }

    private int LowerBound(ulong offset)
    {
        var low = 0;
        var high = _records.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_records[middle].InstructionOffset < offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
