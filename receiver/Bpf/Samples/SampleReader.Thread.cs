using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

public sealed partial class SampleReader
{
    /// <summary>
    /// Wake-ups without anything to read after which the thread pauses: a record may be reserved for long, an event may have ended.
    /// </summary>
    private const int FutileWakeups = 64;

    private SampleSource[] _running = [];
    private ISampleSink[] _sinks = [];

    private void Run()
    {
        try
        {
            lock (_gate)
            {
                _running = [.. _sources];
                _sinks = [.. _sources.Select(s => s.Sink).Distinct(ReferenceEqualityComparer.Instance).Cast<ISampleSink>()];
            }

            ReadUntilStopped();
            ReadRest();
            // Before whoever waits for the end closes what a request would signal.
            AnswerAll();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Fail(Exception e)
    {
        try
        {
            // Nobody reads any more: samples shall fail in the program, which counts them, rather than wait for ever.
            foreach (var source in _running)
                source.Detach();
        }
        catch (Exception second) when (second is BpfException or ObjectDisposedException)
        {
            e = new AggregateException(e, second);
        }

        _failure = e;
        AnswerAll();
        _ended.SetException(e);
        _ = _ended.Task.Exception; // who does not ask for it is told by Failed
        Failed?.Invoke(e);
    }

    private void ReadUntilStopped()
    {
        var drainInterval = (long)_options.DrainInterval.TotalMilliseconds;
        var checkInterval = (long)_options.CheckInterval.TotalMilliseconds;
        var now = Environment.TickCount64;
        var (drainAt, checkAt) = (now + drainInterval, now + checkInterval);
        var limit = _options.MaxSamplesPerPass;
        var futile = 0;
        using var epoll = _epoll!.Lease();
        var outcome = DrainOutcome.Nothing;
        while (!_stopping)
        {
            // Level-triggered: a buffer that became worth reading between a pass and this call is reported at once.
            var unread = (outcome & DrainOutcome.Unread) != 0;
            var wait = unread ? 0 : Math.Max(Math.Min(drainAt, checkAt) - now, 0);
            var ready = EpollSyscall.Wait(epoll.Fd, (int)wait);
            if (ready < 0 && Syscall.ErrorOf(ready) != Errno.EINTR)
                throw new BpfSyscallException("epoll_wait", -ready, "waiting for samples");
            Volatile.Write(ref _wakeups, _wakeups + 1);
            now = Environment.TickCount64;
            outcome = DrainOutcome.Nothing;
            if (ready > 0 || unread || now >= drainAt)
            {
                var asked = TakeRequests();
                outcome = Pass(limit);
                if ((outcome & DrainOutcome.Unread) == 0)
                    Answer(asked);
                drainAt = now + drainInterval;
                futile = ready > 0 && (outcome & DrainOutcome.Progress) == 0 ? futile + 1 : 0;
                if (futile > FutileWakeups && !_stopping)
                    Thread.Sleep(1);
            }

            if (now >= checkAt)
            {
                foreach (var source in _running)
                    source.Maintain();
                checkAt = now + checkInterval;
            }
        }
    }

    private DrainOutcome Pass(int limit)
    {
        var outcome = DrainOutcome.Nothing;
        foreach (var source in _running)
            outcome |= source.Drain(limit);
        Volatile.Write(ref _passes, _passes + 1);
        foreach (var sink in _sinks)
            sink.OnDrained();
        return outcome;
    }

    /// <summary>
    /// Three passes at the most that find anything, each no longer than the buffers are large, whatever the producers do meanwhile.
    /// </summary>
    private void ReadRest()
    {
        foreach (var source in _running)
            source.Detach();
        Pass(int.MaxValue);
        // A program that was under way on another CPU may still have found its buffer, or be filling what it reserved; a moment later none
        // is.
        Thread.Sleep(1);
        if ((Pass(int.MaxValue) & DrainOutcome.Busy) != 0)
        {
            Thread.Sleep(1);
            Pass(int.MaxValue);
        }

        foreach (var source in _running)
            source.Finish();
        foreach (var sink in _sinks)
            sink.OnDrained();
    }
}
