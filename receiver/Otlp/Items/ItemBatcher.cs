namespace EbpfReceiver.Otlp;

/// <summary>
/// Groups spans or log records by resource and scope straight into pooled buffers, and hands out complete requests. The
/// resource of a key is asked for when the batch is closed, so that an identity learnt late still counts; keys whose
/// resources are the same memory share one entry of the request. Nothing is allocated per item. Not thread-safe: one
/// thread begins items and flushes.
/// </summary>
/// <typeparam name="TKey">What stands for a resource until the batch is closed.</typeparam>
public sealed class ItemBatcher<TKey> : IDisposable
    where TKey : struct, IEquatable<TKey>
{
    private readonly EncodedScope[] _scopes;
    private readonly Func<TKey, ReadOnlyMemory<byte>> _resource;
    private readonly Dictionary<TKey, int> _groupOfKey = [];
    private readonly List<TKey> _keys = [];
    private readonly Dictionary<ReadOnlyMemory<byte>, int> _groupOfResource = [];
    private readonly ItemArena _arena;
    private readonly RequestComposer _composer;
    private TKey _lastKey;
    private int _lastGroup = -1;

    /// <param name="signal"><see cref="Signal.Traces"/> or <see cref="Signal.Logs"/>.</param>
    /// <param name="scopes">The scopes of the items; an item names its scope by index.</param>
    /// <param name="resource">The encoded Resource of a key (<see cref="EncodedResource.Bytes"/>); called on the flushing thread.</param>
    /// <param name="publish">Takes each complete request over, with its reference (<see cref="Fanout.Publish"/>).</param>
    /// <param name="maxItems">Items after which a batch is closed.</param>
    /// <param name="maxBytes">Bytes of items after which a batch is closed; at most 2 MiB is used.</param>
    public ItemBatcher(
        Signal signal,
        IReadOnlyList<EncodedScope> scopes,
        Func<TKey, ReadOnlyMemory<byte>> resource,
        Action<Batch> publish,
        int maxItems = 8192,
        int maxBytes = 1024 * 1024)
    {
        if (signal is not (Signal.Traces or Signal.Logs))
            throw new ArgumentOutOfRangeException(nameof(signal), signal, "Only spans and log records are batched item by item.");
        ArgumentOutOfRangeException.ThrowIfZero(scopes.Count);
        Signal = signal;
        _scopes = [.. scopes];
        _resource = resource;
        _arena = new ItemArena(maxItems, maxBytes, Flush);
        _composer = new RequestComposer(signal, _arena, _scopes, publish);
    }

    /// <summary>The signal of the batches.</summary>
    public Signal Signal { get; }

    /// <summary>Items that wait for the next flush.</summary>
    public int Pending => _arena.Count;

    /// <summary>Items dropped because one alone was over 1 MiB.</summary>
    public long OversizedItems => _arena.Oversized;

    /// <summary>Resources left out of a request because one alone was over 512 KiB; their items were sent without.</summary>
    public long OversizedResources => _composer.OversizedResources;

    /// <summary>Begins a span. It counts once the writer is ended; beginning another one first discards it.</summary>
    /// <param name="key">Stands for the resource.</param>
    /// <param name="scope">Index into the scopes.</param>
    public SpanWriter BeginSpan(in TKey key, int scope) => new(_arena, _arena.Begin(GroupOf(key, scope)));

    /// <summary>Begins a log record. It counts once the writer is ended; beginning another one first discards it.</summary>
    /// <param name="key">Stands for the resource.</param>
    /// <param name="scope">Index into the scopes.</param>
    public LogRecordWriter BeginLogRecord(in TKey key, int scope) => new(_arena, _arena.Begin(GroupOf(key, scope)));

    /// <summary>Closes the batch and publishes it: one request, or more when one would be too large. Nothing to do when empty.</summary>
    public void Flush()
    {
        if (_arena.Count == 0)
            return;
        _composer.Begin();
        for (int i = 0; i < _keys.Count; i++)
        {
            ReadOnlyMemory<byte> resource = _resource(_keys[i]);
            int group = i * _scopes.Length;
            if (!_groupOfResource.TryGetValue(resource, out int first))
            {
                _groupOfResource.Add(resource, group);
                _composer.Add(resource, group);
                continue;
            }
            for (int scope = 0; scope < _scopes.Length; scope++)
                _arena.Merge(group + scope, first + scope);
        }
        _composer.End();
        _arena.Clear();
        _groupOfKey.Clear();
        _groupOfResource.Clear();
        _keys.Clear();
        _lastGroup = -1;
    }

    /// <summary>Gives the buffers back; items that were not flushed are gone.</summary>
    public void Dispose() => _arena.Dispose();

    private int GroupOf(in TKey key, int scope)
    {
        if ((uint)scope >= (uint)_scopes.Length)
            throw new ArgumentOutOfRangeException(nameof(scope), scope, $"There are {_scopes.Length} scopes.");
        if (_lastGroup >= 0 && _lastKey.Equals(key))
            return _lastGroup + scope;
        if (!_groupOfKey.TryGetValue(key, out int group))
        {
            group = _keys.Count * _scopes.Length;
            _keys.Add(key);
            _groupOfKey.Add(key, group);
            _arena.AddGroups(group, _scopes.Length);
        }
        _lastKey = key;
        _lastGroup = group;
        return group + scope;
    }
}
