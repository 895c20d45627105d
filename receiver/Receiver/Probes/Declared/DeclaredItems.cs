using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// Gathers the spans and log records of declared probes, each probe in a scope of its own. Items are begun and flushed by the thread that reads
/// the samples; scopes may be named by any, and are taken over with the next item.
/// </summary>
/// <param name="identity">Gives the resources.</param>
/// <param name="publish">Takes the batches.</param>
internal sealed class DeclaredItems(IdentityTable identity, Action<Batch> publish) : IDisposable
{
    private volatile EncodedScope[] _wanted = [];
    private EncodedScope[] _scopes = [];
    private ItemBatcher<ItemOwner>? _spans;
    private ItemBatcher<ItemOwner>? _logs;
    private long _oversized;

    /// <summary>Items that wait.</summary>
    public int Pending => (_spans?.Pending ?? 0) + (_logs?.Pending ?? 0);

    /// <summary>Items that were too large to be sent.</summary>
    public long Oversized => Interlocked.Read(ref _oversized) + (_spans?.OversizedItems ?? 0) + (_logs?.OversizedItems ?? 0);

    /// <summary>Names the scopes that items will have.</summary>
    public void Use(EncodedScope[] scopes) => _wanted = scopes;

    /// <summary>Begins a span.</summary>
    public SpanWriter BeginSpan(in ItemOwner owner, EncodedScope scope)
    {
        Prepare();
        return _spans!.BeginSpan(owner, IndexOf(scope));
    }

    /// <summary>Begins a log record.</summary>
    public LogRecordWriter BeginLogRecord(in ItemOwner owner, EncodedScope scope)
    {
        Prepare();
        return _logs!.BeginLogRecord(owner, IndexOf(scope));
    }

    /// <summary>Hands everything on.</summary>
    public void Flush()
    {
        _spans?.Flush();
        _logs?.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _spans?.Dispose();
        _logs?.Dispose();
    }

    private void Prepare()
    {
        EncodedScope[] wanted = _wanted;
        if (ReferenceEquals(wanted, _scopes)) return;
        Flush();
        Interlocked.Add(ref _oversized, (_spans?.OversizedItems ?? 0) + (_logs?.OversizedItems ?? 0));
        Dispose();
        _scopes = wanted;
        Func<ItemOwner, ReadOnlyMemory<byte>> resource = owner => identity.Resolve(owner).Bytes;
        _spans = new ItemBatcher<ItemOwner>(Signal.Traces, wanted, resource, publish, maxBytes: ItemStream.RequestBytes);
        _logs = new ItemBatcher<ItemOwner>(Signal.Logs, wanted, resource, publish, maxBytes: ItemStream.RequestBytes);
    }

    /// <summary>Few probes have events, so that looking is cheap. One that was named a moment ago is among them, one long gone counts as the first.</summary>
    private int IndexOf(EncodedScope scope) => Math.Max(Array.IndexOf(_scopes, scope), 0);
}
