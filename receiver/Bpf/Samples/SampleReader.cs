using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Reads perf buffers (BPF_MAP_TYPE_PERF_EVENT_ARRAY) and ring buffers (BPF_MAP_TYPE_RINGBUF), one or several maps: one thread of its own,
/// which at each wake-up looks at every buffer. Samples of one CPU, or of one ring buffer, come in order; there is no order across
/// them. Nothing is allocated once it runs.
/// </summary>
public sealed partial class SampleReader : IDisposable, IAsyncDisposable
{
    private readonly SampleReaderOptions _options;
    private readonly List<SampleSource> _sources = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FileDescriptor? _epoll;
    private EventFd? _wake;
    private Thread? _thread;
    private volatile bool _stopping;
    private bool _closed;
    private long _wakeups;
    private long _passes;
    private volatile Exception? _failure;

    /// <summary>Prepares a reader of no map yet (<see cref="Add"/>).</summary>
    /// <param name="options">How to buffer, or null for the defaults.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public SampleReader(SampleReaderOptions? options = null) => _options = (options ?? new SampleReaderOptions()).Checked();

    /// <summary>Prepares a reader; nothing is opened before <see cref="Start"/>.</summary>
    /// <param name="map">A perf event array or a ring buffer; it has to stay open while the reader runs.</param>
    /// <param name="sink">Takes the samples.</param>
    /// <param name="options">How to buffer, or null for the defaults.</param>
    /// <exception cref="ArgumentException">The map is of another kind, or an option makes no sense.</exception>
    public SampleReader(BpfMap map, ISampleSink sink, SampleReaderOptions? options = null)
        : this(options) => Add(map, sink);

    /// <summary>Raised once, on the reader's thread, when it stops because of an exception; <see cref="Failure"/> is set before.</summary>
    public event Action<Exception>? Failed;

    /// <summary>The exception that stopped the reader, or null.</summary>
    public Exception? Failure => _failure;

    /// <summary>
    /// Ends with the reader's thread, when nothing is handed out any more: well after <see cref="Stop"/>, or with the exception of
    /// <see cref="Failure"/>.
    /// </summary>
    public Task Completion => _ended.Task;

    /// <summary>CPUs whose perf buffers are read; 0 if there are only ring buffers.</summary>
    public int Cpus
    {
        get
        {
            lock (_gate)
                return _sources.Count == 0 ? 0 : _sources.Max(s => s.Cpus);
        }
    }

    /// <summary>Counters over all maps; cheap, from any thread. They stay after <see cref="Stop"/>.</summary>
    public SampleReaderStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                long samples = 0, bytes = 0, lost = 0;
                foreach (var source in _sources)
                {
                    var totals = source.Totals;
                    samples += totals.Samples;
                    bytes += totals.Bytes;
                    lost += totals.Lost;
                }

                return new(samples, bytes, lost, Volatile.Read(ref _wakeups), Volatile.Read(ref _passes));
            }
        }
    }

    /// <summary>Adds a map, before the reader is started.</summary>
    /// <param name="map">A perf event array or a ring buffer; it has to stay open while the reader runs.</param>
    /// <param name="sink">Takes its samples; the same or another one as for other maps.</param>
    /// <param name="losses">
    /// Of a ring buffer: where its programs count what they could not put in (<see cref="RingBufferLosses"/> has the convention), told to
    /// the sink each <see cref="SampleReaderOptions.CheckInterval"/>. Or null.
    /// </param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">The map is of another kind, or was added before.</exception>
    /// <exception cref="InvalidOperationException">The reader was started.</exception>
    public SampleReader Add(BpfMap map, ISampleSink sink, BpfMap? losses = null)
    {
        lock (_gate)
        {
            if (_thread is not null || _stopping)
                throw new InvalidOperationException("Maps are added to a sample reader before it is started.");
            if (_sources.Exists(s => ReferenceEquals(s.Map, map)))
                throw new ArgumentException($"Map {map.Name} was added before.", nameof(map));
            _sources.Add(SampleSource.For(map, sink, _options, losses));
            return this;
        }
    }

    /// <summary>Opens the buffers, those of perf event arrays for all CPUs that run, and starts the thread.</summary>
    /// <exception cref="BpfSyscallException">A buffer can't be opened or mapped; everything is closed again.</exception>
    /// <exception cref="InvalidOperationException">It was started before, or has nothing to read.</exception>
    public void Start()
    {
        lock (_gate)
        {
            if (_thread is not null || _stopping)
                throw new InvalidOperationException("A sample reader is started once.");
            if (_sources.Count == 0)
                throw new InvalidOperationException("A sample reader has no map to read before one was added.");
            try
            {
                _epoll = EpollSyscall.Create();
                _wake = new EventFd();
                EpollSyscall.Add(_epoll, _wake.Descriptor);
                foreach (var source in _sources)
                    source.Open(_epoll);
            }
            catch
            {
                Close();
                throw;
            }

            _thread = new Thread(Run) { IsBackground = true, Name = _options.ThreadName };
            _thread.Start();
        }
    }

    /// <summary>
    /// Takes perf buffers out of their map (so that later samples fail in the program, where they are counted), hands out what is left in
    /// all buffers, and ends the thread; it takes as long as the sink takes for that. May be called more than once, also by several
    /// at a time, each of which returns when all has ended; not from the sink.
    /// </summary>
    public void Stop()
    {
        if (Thread.CurrentThread == _thread)
            throw new InvalidOperationException("The sink of a sample reader can't stop it; another thread has to.");
        RequestStop();
        // Outside the lock: the sink may be asking for the statistics.
        _thread?.Join();
        CloseOnce();
    }

    /// <summary>
    /// As <see cref="Stop"/>, without keeping a thread waiting meanwhile: the task ends when the last sample was handed out and everything
    /// is closed. The sink may call it, but not wait for it. An exception that stopped the reader before is not thrown here.
    /// </summary>
    public async Task StopAsync()
    {
        RequestStop();
        await _ended.Task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CloseOnce();
    }

    /// <inheritdoc/>
    public void Dispose() => Stop();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => new(StopAsync());

    private void RequestStop()
    {
        lock (_gate)
        {
            if (_stopping)
                return;
            _stopping = true;
            if (_thread is null)
                _ended.SetResult();
            else
                _wake!.Signal();
        }
    }

    /// <summary>What the first does who gets here; later ones wait for it.</summary>
    private void CloseOnce()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            Close();
        }
    }

    private void Close()
    {
        foreach (var source in _sources)
            source.Close();
        _wake?.Dispose();
        _epoll?.Dispose();
    }
}
