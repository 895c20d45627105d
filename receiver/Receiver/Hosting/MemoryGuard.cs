namespace EbpfReceiver.Hosting;

/// <summary>
/// Watches the resident memory of the process against a limit. Near the limit the heap is collected first; if that is not enough the state
/// is critical until the memory is well below the limit again, so that it does not change with every look.
/// </summary>
public sealed class MemoryGuard : IMemoryPressure, IDisposable
{
    /// <summary>Of the limit: from here on something is done, so that what is under way still has room.</summary>
    private const double Soft = 0.9;

    /// <summary>Of the limit: below this it is over.</summary>
    private const double Calm = 0.75;

    /// <summary>What a burst of requests brings between two looks comes on top of the limit; a look takes some microseconds.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);

    /// <summary>A collection of everything takes some ten milliseconds of all threads.</summary>
    private static readonly TimeSpan s_betweenCollections = TimeSpan.FromSeconds(5);

    private readonly long _limit;
    private readonly Func<long> _resident;
    private readonly Action _collect;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private ITimer? _timer;
    private long _collectedAt;
    private volatile bool _critical;

    /// <param name="limit">Bytes; null: no limit, nothing is watched.</param>
    /// <param name="log">Told when the state changes.</param>
    public MemoryGuard(long? limit, ILogger log)
        : this(limit, static () => Environment.WorkingSet, HeapTrim.CollectAll, TimeProvider.System, log)
    {
    }

    internal MemoryGuard(long? limit, Func<long> resident, Action collect, TimeProvider time, ILogger log)
    {
        _limit = limit ?? long.MaxValue;
        _resident = resident;
        _collect = collect;
        _time = time;
        _log = log;
        _collectedAt = time.GetTimestamp() - (long)(s_betweenCollections.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Of a process without a limit.</summary>
    public static IMemoryPressure Unlimited { get; } = new MemoryGuard(null, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    /// <inheritdoc/>
    public bool IsCritical => _critical;

    /// <summary>The limit in bytes; null: there is none.</summary>
    public long? Limit => _limit == long.MaxValue ? null : _limit;

    /// <summary>Begins to watch, if there is a limit.</summary>
    public void Start()
    {
        if (Limit is not null) _timer = _time.CreateTimer(_ => Look(), null, s_interval, s_interval);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Looks now.</summary>
    internal void Look()
    {
        long resident = _resident();
        if (resident >= (_critical ? Calm : Soft) * _limit && _time.GetElapsedTime(_collectedAt) >= s_betweenCollections)
        {
            _collectedAt = _time.GetTimestamp();
            _collect();
            resident = _resident();
        }

        if (!_critical && resident >= Soft * _limit)
        {
            _critical = true;
            MemoryLog.Critical(_log, resident >> 20, _limit >> 20);
        }
        else if (_critical && resident < Calm * _limit)
        {
            _critical = false;
            MemoryLog.Calm(_log, resident >> 20, _limit >> 20);
        }
    }
}
