
namespace EbpfReceiver.Otlp;

/// <summary>
/// Makes requests of the items of an arena: all lengths are known by then, so each request is planned, rented at its
/// size and written once. Requests are cut between resources.
/// </summary>
internal sealed class RequestComposer(Signal signal, ItemArena arena, EncodedScope[] scopes, Action<Batch> publish)
{
    /// <summary>A larger resource is left out: with it a request of one resource could pass the limit.</summary>
    public const int MaxResourceBytes = 512 * 1024;

    private readonly List<Part> _parts = [];

    public long OversizedResources { get; private set; }

    public void Begin() => _parts.Clear();

    /// <summary>Adds the groups [group, group + scopes) under a resource; items may be merged into them until <see cref="End"/>.</summary>
    public void Add(ReadOnlyMemory<byte> resource, int group)
    {
        if (resource.Length > MaxResourceBytes)
        {
            OversizedResources++;
            resource = ReadOnlyMemory<byte>.Empty;
        }
        _parts.Add(new Part(resource, group));
    }

    public void End()
    {
        int first = 0;
        int size = 0;
        for (int i = 0; i < _parts.Count; i++)
        {
            int framed = Varint.FieldSize(SizeOf(_parts[i]));
            if (size > 0 && size + framed > Signals.MaxRequestBytes)
            {
                Publish(first, i, size);
                first = i;
                size = 0;
            }
            size += framed;
        }
        if (size > 0)
            Publish(first, _parts.Count, size);
        _parts.Clear();
    }

    private void Publish(int first, int end, int size)
    {
        byte[] buffer = RequestBuffers.Rent(size);
        int items = 0;
        int at = 0;
        for (int i = first; i < end; i++)
            at = Write(buffer, at, _parts[i], ref items);
        publish(Batch.Own(signal, items, buffer, at));
    }

    private int Write(Span<byte> buffer, int at, in Part part, ref int items)
    {
        at = WriteLength(buffer, at, RequestFields.Resources, SizeOf(part));
        if (!part.Resource.IsEmpty)
        {
            at = WriteLength(buffer, at, RequestFields.PerResource.Resource, part.Resource.Length);
            at = Copy(buffer, at, part.Resource.Span);
        }
        for (int scope = 0; scope < scopes.Length; scope++)
        {
            ref readonly ItemArena.Group group = ref arena.GroupAt(part.Group + scope);
            if (group.Count == 0)
                continue;
            items += group.Count;
            at = WriteLength(buffer, at, RequestFields.PerResource.Scopes, SizeOf(scopes[scope], group));
            at = Copy(buffer, at, scopes[scope].ScopeField);
            for (int index = group.First; index >= 0;)
            {
                ref readonly ItemArena.Entry entry = ref arena.EntryAt(index);
                at = WriteLength(buffer, at, RequestFields.PerScope.Items, entry.Length);
                at = Copy(buffer, at, arena.BodyOf(entry));
                index = entry.Next;
            }
            at = Copy(buffer, at, scopes[scope].SchemaUrlField);
        }
        return at;
    }

    private int SizeOf(in Part part)
    {
        int size = part.Resource.IsEmpty ? 0 : Varint.FieldSize(part.Resource.Length);
        for (int scope = 0; scope < scopes.Length; scope++)
        {
            ref readonly ItemArena.Group group = ref arena.GroupAt(part.Group + scope);
            if (group.Count > 0)
                size += Varint.FieldSize(SizeOf(scopes[scope], group));
        }
        return size;
    }

    private static int SizeOf(EncodedScope scope, in ItemArena.Group group) =>
        scope.ScopeField.Length + group.Bytes + scope.SchemaUrlField.Length;

    private static int WriteLength(Span<byte> buffer, int at, int field, int length)
    {
        buffer[at] = (byte)Tag.Length(field);
        return Varint.Write(buffer, at + 1, (uint)length);
    }

    private static int Copy(Span<byte> buffer, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer[at..]);
        return at + bytes.Length;
    }

    private readonly record struct Part(ReadOnlyMemory<byte> Resource, int Group);
}
