using EbpfReceiver.Otlp;
using Google.Protobuf;

namespace EbpfReceiver.Terminal;

/// <summary>
/// Shows telemetry on the terminal. Its thread alone decodes and writes, behind a bounded queue: a terminal that stands still costs events
/// on the terminal, which are counted, and nothing else.
/// </summary>
internal sealed class ConsoleOutlet : IOutlet
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);

    private readonly IConsoleView _view;
    private readonly BatchPresenter _presenter;
    private readonly Queue<Batch> _queue = new();
    private readonly int _capacity;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopping;

    public ConsoleOutlet(IConsoleView view, ConsoleOutletOptions options)
    {
        _view = view;
        _presenter = new BatchPresenter(view, options, TimeProvider.System);
        _capacity = options.QueueSize;
        Statistics = new OutletStatistics(options.QueueSize);
        _thread = new Thread(Run) { IsBackground = true, Name = "console" };
    }

    public string Name => "console";

    public OutletStatistics Statistics { get; }

    public bool Takes(Signal signal) => signal != Signal.Profiles;

    public bool TryAccept(Batch batch)
    {
        lock (_queue)
        {
            if (_queue.Count >= _capacity || _stopping)
                return false;
            _queue.Enqueue(batch);
            Monitor.Pulse(_queue);
        }

        Statistics.CountQueued(1);
        return true;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken deadline)
    {
        lock (_queue)
        {
            _stopping = true;
            Monitor.Pulse(_queue);
        }

        if (!_thread.IsAlive)
            return;

        // A terminal that stands still must not hold up the end of the process.
        await Task.WhenAny(_ended.Task, Task.Delay(Timeout.Infinite, deadline));
    }

    private void Run()
    {
        try
        {
            while (Next(out Batch? batch))
            {
                if (batch is not null)
                    Present(batch);
                else
                    _presenter.Tick();
                if (IsEmpty())
                    _view.Flush();
            }

            _presenter.Finish();
        }
        catch (IOException)
        {
            // Whoever read us is gone ("| head"); what still comes is refused and counted.
            lock (_queue)
                _stopping = true;
        }
        finally
        {
            Discard();
            _ended.TrySetResult();
        }
    }

    private void Present(Batch batch)
    {
        try
        {
            _presenter.Present(batch);
            Statistics.CountDelivered(batch.Signal, batch.Items, batch.Length);
        }
        catch (InvalidProtocolBufferException e)
        {
            Statistics.NoteError(e.Message);
            Statistics.CountDropped(batch.Signal, DropCause.Failed, batch.Items);
        }
        finally
        {
            batch.Release();
        }
    }

    /// <summary>Waits for a batch, or until something else is due; false when all is done.</summary>
    private bool Next(out Batch? batch)
    {
        lock (_queue)
        {
            while (true)
            {
                if (_queue.TryDequeue(out batch))
                {
                    Statistics.CountQueued(-1);
                    return true;
                }

                if (_stopping)
                    return false;
                if (!Monitor.Wait(_queue, _presenter.IsWaiting ? s_tick : Timeout.InfiniteTimeSpan))
                    return true;
            }
        }
    }

    private bool IsEmpty()
    {
        lock (_queue)
            return _queue.Count == 0;
    }

    private void Discard()
    {
        lock (_queue)
        {
            while (_queue.TryDequeue(out Batch? batch))
            {
                Statistics.CountQueued(-1);
                Statistics.CountDropped(batch.Signal, DropCause.Failed, batch.Items);
                batch.Release();
            }
        }
    }
}
