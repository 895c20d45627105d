using EbpfReceiver.Hosting;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Samples;

/// <summary>Gathers spans and log records into batches, and hands them on when they are large or have waited long enough.</summary>
internal sealed class ItemStream : IDisposable
{
    /// <summary>The scopes of spans, by their index.</summary>
    public const int TcpScope = 0;

    /// <inheritdoc cref="TcpScope"/>
    public const int DnsScope = 1;

    /// <summary>
    /// Bytes of items a request, so that with its resources it fits 256 KiB: twice as large ones go no cheaper, and what is under way at an
    /// outlet (a line of JSON is three times as long, in a buffer of a power of two) grows with them.
    /// </summary>
    public const int RequestBytes = 240 * 1024;

    /// <summary>The longest an item waits: short for whoever watches, long enough for batches.</summary>
    private const long FlushMilliseconds = 500;

    private readonly KernelClock _clock;
    private readonly PressureValve _valve;
    private long _flushedAt = Environment.TickCount64;

    /// <param name="identity">Gives the resources.</param>
    /// <param name="clock">Is measured again at every pass that is due.</param>
    /// <param name="publish">Takes the batches.</param>
    /// <param name="memory">Says when there is no more memory: then few batches go on.</param>
    public ItemStream(IdentityTable identity, KernelClock clock, Action<Batch> publish, IMemoryPressure memory)
    {
        _clock = clock;
        _valve = new PressureValve(publish, memory);
        Func<ItemOwner, ReadOnlyMemory<byte>> resource = owner => identity.Resolve(owner).Bytes;
        Spans = new ItemBatcher<ItemOwner>(Signal.Traces, [Scopes.Tcp, Scopes.Dns], resource, _valve.Publish, maxBytes: RequestBytes);
        Logs = new ItemBatcher<ItemOwner>(Signal.Logs, [Scopes.Process], resource, _valve.Publish, maxBytes: RequestBytes);
        Declared = new DeclaredItems(identity, _valve.Publish);
    }

    /// <summary>Takes spans; for the thread that reads the samples.</summary>
    public ItemBatcher<ItemOwner> Spans { get; }

    /// <summary>Takes log records; for the thread that reads the samples.</summary>
    public ItemBatcher<ItemOwner> Logs { get; }

    /// <summary>Takes spans and log records of declared probes; for the thread that reads the samples.</summary>
    public DeclaredItems Declared { get; }

    /// <summary>Items that were too large to be sent.</summary>
    public long Oversized => Spans.OversizedItems + Logs.OversizedItems + Declared.Oversized;

    /// <summary>Items that were let go because there was no more memory.</summary>
    public long Shed => _valve.Shed;

    /// <summary>A pass over the sample buffers has ended.</summary>
    public void OnPass()
    {
        _clock.MeasureIfDue();
        if (Spans.Pending + Logs.Pending + Declared.Pending == 0)
        {
            _flushedAt = Environment.TickCount64;
            return;
        }

        if (Environment.TickCount64 - _flushedAt >= FlushMilliseconds) Flush();
    }

    /// <summary>Hands everything on; for the thread that reads the samples, or after it has ended.</summary>
    public void Flush()
    {
        Spans.Flush();
        Logs.Flush();
        Declared.Flush();
        _flushedAt = Environment.TickCount64;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Spans.Dispose();
        Logs.Dispose();
        Declared.Dispose();
    }
}
