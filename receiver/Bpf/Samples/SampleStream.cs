using System.Threading.Channels;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The samples of a perf event array or a ring buffer for <c>await foreach</c>. Each is copied, and waits in a queue of a fixed length; what
/// comes while that is full is dropped and counted. For rates at which a copy per sample is too much, give a <see cref="SampleReader"/> a sink.
/// </summary>
/// <example>
/// <code>
/// await using var samples = new SampleStream(exec.Map("samples"));
/// using var link = exec.Load("on_exec").Attach();
/// await foreach (var sample in samples.WithCancellation(stop))
///     Console.WriteLine($"CPU {sample.Cpu}: {Convert.ToHexString(sample.Bytes.Span)}");
/// </code>
/// </example>
public sealed class SampleStream : IAsyncEnumerable<Sample>, IAsyncDisposable
{
    private readonly Queue _queue;
    private readonly SampleReader _reader;
    private readonly Task _ended;

    /// <summary>Opens the buffers, and reads from now on.</summary>
    /// <param name="map">A perf event array or a ring buffer; it has to stay open while the stream is.</param>
    /// <param name="options">How to buffer, or null for the defaults.</param>
    /// <param name="capacity">Samples that wait at the most, at least 1.</param>
    /// <exception cref="ArgumentException">The map is of another kind, or an option makes no sense.</exception>
    /// <exception cref="BpfSyscallException">A buffer can't be opened or mapped; everything is closed again.</exception>
    public SampleStream(BpfMap map, SampleReaderOptions? options = null, int capacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _queue = new Queue(capacity);
        _reader = new SampleReader(map, _queue, options);
        _reader.Start();
        _ended = EndAsync();
    }

    /// <summary>Samples that the kernel told to be lost since the buffer was full.</summary>
    public long Lost => _queue.Lost;

    /// <summary>Samples that were read, and dropped since nobody had taken those before.</summary>
    public long Dropped => _queue.Dropped;

    /// <summary>What the reader counts.</summary>
    public SampleReaderStatistics Statistics => _reader.Statistics;

    /// <summary>
    /// The samples, each once, however many enumerate: until the stream is disposed, after which those that wait still come, or until the
    /// reader fails, whose exception is thrown after them.
    /// </summary>
    public IAsyncEnumerator<Sample> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        _queue.Reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Stops reading; what was put out until now is in the stream, as far as there is room.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reader.StopAsync().ConfigureAwait(false);
        // It alone completes the queue: whoever disposes a stream just as its reader fails still finds the exception in it.
        await _ended.ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        await _reader.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _queue.Writer.TryComplete(_reader.Failure);
    }

    private sealed class Queue(int capacity) : ISampleSink
    {
        private readonly Channel<Sample> _channel = Channel.CreateBounded<Sample>(new BoundedChannelOptions(capacity) { SingleWriter = true });
        private long _lost;
        private long _dropped;
        private ulong _untold;

        public ChannelReader<Sample> Reader => _channel.Reader;

        public ChannelWriter<Sample> Writer => _channel.Writer;

        public long Lost => Volatile.Read(ref _lost);

        public long Dropped => Volatile.Read(ref _dropped);

        public void OnSample(int cpu, ReadOnlySpan<byte> sample)
        {
            if (_channel.Writer.TryWrite(new Sample(cpu, sample.ToArray(), _untold)))
            {
                _untold = 0;
                return;
            }

            _untold++;
            Volatile.Write(ref _dropped, _dropped + 1);
        }

        public void OnLost(int cpu, ulong count)
        {
            _untold += count;
            Volatile.Write(ref _lost, _lost + (long)count);
        }

        public void OnDrained()
        {
        }
    }
}
