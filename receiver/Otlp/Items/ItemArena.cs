using System.Runtime.CompilerServices;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The items of a batch that is being filled: their bodies one after the other as they came, and for each group
/// (a resource and a scope) a chain through them. An item is open while it is written; one that is begun
/// before the last was ended replaces it.
/// </summary>
internal sealed class ItemArena : IDisposable
{
    /// <summary>A larger item is dropped; with it a request stays under <see cref="Signals.MaxRequestBytes"/>.</summary>
    public const int MaxItemBytes = 1024 * 1024;

    /// <summary>Bytes of items after which a batch is closed, at most.</summary>
    public const int MaxBatchBytes = 2 * 1024 * 1024;

    private readonly int _maxItems;
    private readonly int _maxBytes;
    private readonly Action _full;
    private Entry[] _entries;
    private Group[] _groups = new Group[16];
    private int _openTicket;
    private int _openGroup = -1;
    private int _openStart;
    private int _framedBytes;

    public ItemArena(int maxItems, int maxBytes, Action full)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxItems);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        _maxItems = maxItems;
        _maxBytes = Math.Min(maxBytes, MaxBatchBytes);
        _full = full;
        _entries = new Entry[Math.Min(maxItems, 1024)];
        Writer = new ProtobufWriter(Math.Min(_maxBytes, 64 * 1024) + 4096);
    }

    public ProtobufWriter Writer { get; }

    public int Count { get; private set; }

    /// <summary>Items dropped because they were too large.</summary>
    public long Oversized { get; private set; }

    public ref Group GroupAt(int index) => ref _groups[index];

    public ref readonly Entry EntryAt(int index) => ref _entries[index];

    public ReadOnlySpan<byte> BodyOf(in Entry entry) => Writer.Slice(entry.Offset, entry.Length);

    /// <summary>Makes groups [first, first + count) exist, empty.</summary>
    public void AddGroups(int first, int count)
    {
        if (first + count > _groups.Length)
            Array.Resize(ref _groups, Math.Max(_groups.Length * 2, first + count));
        _groups.AsSpan(first, count).Fill(Group.Empty);
    }

    /// <summary>Begins an item and returns the ticket that ends it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Begin(int group)
    {
        if (_openGroup >= 0)
            Writer.Position = _openStart;
        _openGroup = group;
        _openStart = Writer.Position;
        return ++_openTicket;
    }

    /// <summary>Keeps the item; does nothing if the ticket's item is not open any more.</summary>
    public void End(int ticket)
    {
        if (ticket != _openTicket || _openGroup < 0)
            return;
        int group = _openGroup;
        _openGroup = -1;
        int length = Writer.Position - _openStart;
        if (length > MaxItemBytes)
        {
            Writer.Position = _openStart;
            Oversized++;
            return;
        }
        int index = Count++;
        if (index == _entries.Length)
            Array.Resize(ref _entries, index * 2);
        _entries[index] = new Entry(_openStart, length);
        int framed = Varint.FieldSize(length);
        _framedBytes += framed;
        _groups[group].Append(_entries, index, framed);
        if (Count >= _maxItems || _framedBytes >= _maxBytes)
            _full();
    }

    /// <summary>Takes the open item back; does nothing if the ticket's item is not open any more.</summary>
    public void Discard(int ticket)
    {
        if (ticket != _openTicket || _openGroup < 0)
            return;
        Writer.Position = _openStart;
        _openGroup = -1;
    }

    /// <summary>Moves all items of one group to the end of another.</summary>
    public void Merge(int from, int into)
    {
        Group moved = _groups[from];
        _groups[from] = Group.Empty;
        _groups[into].Append(_entries, moved);
    }

    public void Clear()
    {
        Writer.Position = 0;
        Count = 0;
        _framedBytes = 0;
        _openGroup = -1;
    }

    public void Dispose() => Writer.Dispose();

    /// <summary>One item: where its body lies, and the next item of its group (-1: none).</summary>
    public struct Entry(int offset, int length)
    {
        public readonly int Offset = offset;
        public readonly int Length = length;
        public int Next = -1;
    }

    /// <summary>The chain of a group and the bytes of its items with tags and lengths.</summary>
    public struct Group
    {
        public int First;
        public int Last;
        public int Count;
        public int Bytes;

        public static Group Empty => new() { First = -1, Last = -1 };

        public void Append(Entry[] entries, int index, int framed)
        {
            if (First < 0)
                First = index;
            else
                entries[Last].Next = index;
            Last = index;
            Count++;
            Bytes += framed;
        }

        public void Append(Entry[] entries, in Group other)
        {
            if (other.First < 0)
                return;
            if (First < 0)
                First = other.First;
            else
                entries[Last].Next = other.First;
            Last = other.Last;
            Count += other.Count;
            Bytes += other.Bytes;
        }
    }
}
