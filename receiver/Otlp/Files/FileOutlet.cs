using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Appends requests to a file as OTLP JSON, one request a line, which is what the Collector's file exporter writes and its
/// otlpjsonfile receiver reads. A full or failing disk is said and counted; it ends nothing.
/// </summary>
public sealed class FileOutlet : IOutlet, IDisposable
{
    private readonly FileOutletOptions _options;
    private readonly ILogger _logger;
    private readonly Channel<Batch> _queue;
    private readonly ArrayBufferWriter<byte> _line = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly List<Written> _unflushed = [];
    private readonly CancellationTokenSource _giveUp = new();
    private Task _writer = Task.CompletedTask;
    private JsonLinesFile? _file;
    private long _reopenAt;
    private bool _failing;

    /// <param name="options">Where to.</param>
    /// <param name="logger">For failures and their end; null for none.</param>
    public FileOutlet(FileOutletOptions options, ILogger? logger = null)
    {
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _queue = Channel.CreateBounded<Batch>(new BoundedChannelOptions(options.QueueSize) { SingleReader = true });
        _json = OtlpJson.Writer(_line);
        Statistics = new OutletStatistics(options.QueueSize);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public OutletStatistics Statistics { get; }

    /// <inheritdoc/>
    public bool TryAccept(Batch batch)
    {
        Statistics.CountQueued(1);
        if (_queue.Writer.TryWrite(batch))
            return true;
        Statistics.CountQueued(-1);
        return false;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _writer = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken deadline)
    {
        _queue.Writer.TryComplete();
        await using (deadline.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _giveUp).ConfigureAwait(false))
        {
            await _writer.ConfigureAwait(false);
        }
        while (_queue.Reader.TryRead(out Batch? batch))
        {
            Statistics.CountDropped(batch.Signal, DropCause.Expired, batch.Items);
            Finish(batch);
        }
    }

    /// <summary>Closes the file; stop first.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _json.Dispose();
        _giveUp.Dispose();
    }

    private async Task RunAsync()
    {
        ChannelReader<Batch> reader = _queue.Reader;
        while (!_giveUp.IsCancellationRequested && await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            long flushAt = Environment.TickCount64 + (long)_options.FlushInterval.TotalMilliseconds;
            while (!_giveUp.IsCancellationRequested && Environment.TickCount64 < flushAt && reader.TryRead(out Batch? batch))
                Write(batch);
            if (!reader.TryPeek(out _) || Environment.TickCount64 >= flushAt)
                Flush();
        }
        Flush();
    }

    private void Write(Batch batch)
    {
        try
        {
            Statistics.CountRequest();
            _line.ResetWrittenCount();
            _json.Reset();
            if (!OtlpJson.TryWrite(batch.Signal, batch.Bytes.Span, _json))
            {
                Statistics.CountDropped(batch.Signal, DropCause.Failed, batch.Items);
                FileLog.Malformed(_logger, Name, Signals.NameOf(batch.Signal));
                return;
            }
            _line.Write("\n"u8);
            Append(new Written(batch.Signal, batch.Items, batch.Length));
        }
        finally
        {
            Finish(batch);
        }
    }

    /// <summary>Lines in the buffer are counted when they are flushed: only then it is known what became of them.</summary>
    private void Append(in Written line)
    {
        if (_file is not null && !_file.HasRoomFor(_line.WrittenCount))
            Flush();
        if (!TryOpen())
        {
            Count(line, delivered: false);
            return;
        }
        _unflushed.Add(line);
        try
        {
            _file!.Append(_line.WrittenSpan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    private void Flush()
    {
        if (_unflushed.Count == 0)
            return;
        try
        {
            _file!.Flush();
            Settle(delivered: true);
            if (_failing)
                FileLog.Recovered(_logger, Name, _options.Path);
            _failing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    private bool TryOpen()
    {
        if (_file is not null)
            return true;
        if (Environment.TickCount64 < _reopenAt)
            return false;
        try
        {
            _file = new JsonLinesFile(_options.Path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
            return false;
        }
    }

    private void Fail(Exception e)
    {
        Settle(delivered: false);
        _file?.Dispose();
        _file = null;
        _reopenAt = Environment.TickCount64 + (long)_options.ReopenDelay.TotalMilliseconds;
        Statistics.NoteError(e.Message);
        if (!_failing)
            FileLog.WriteFailed(_logger, Name, _options.Path, e.Message);
        _failing = true;
    }

    private void Settle(bool delivered)
    {
        foreach (Written line in _unflushed)
            Count(line, delivered);
        _unflushed.Clear();
    }

    private void Count(in Written line, bool delivered)
    {
        if (delivered)
            Statistics.CountDelivered(line.Signal, line.Items, line.Bytes);
        else
            Statistics.CountDropped(line.Signal, DropCause.Failed, line.Items);
    }

    private void Finish(Batch batch)
    {
        Statistics.CountQueued(-1);
        batch.Release();
    }

    private readonly record struct Written(Signal Signal, int Items, int Bytes);
}
