namespace EbpfReceiver.Bpf;

public sealed partial class SampleReader
{
    /// <summary>Guards the numbers of passes that were asked for and that were answered.</summary>
    private readonly object _requests = new();
    private long _asked;
    private long _answered;

    /// <summary>
    /// Waits until all samples that were in the buffers before the call have been handed to their sinks, without waiting for the
    /// <see cref="SampleReaderOptions.DrainInterval"/>. The reader's thread is woken for it and waits for nobody.
    /// </summary>
    /// <param name="limit">How long to wait at the most.</param>
    /// <returns>False if the time was over before, or the reader does not run or has failed.</returns>
    /// <exception cref="InvalidOperationException">It is called from the sink, for which it would wait.</exception>
    public bool WaitForPass(TimeSpan limit)
    {
        if (Thread.CurrentThread == _thread)
            throw new InvalidOperationException("The sink of a sample reader can't wait for a pass; another thread has to.");
        var until = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        // Stop takes the lock again only after the thread has answered all.
        lock (_gate)
        {
            if (_thread is null)
                return false;
        }

        lock (_requests)
        {
            var number = ++_asked;
            // Nobody reads any more, and Stop may have closed what wakes the thread.
            if (_answered != long.MaxValue)
                _wake!.Signal();
            while (_answered < number)
            {
                var left = until - Environment.TickCount64;
                if (left <= 0)
                    return false;
                Monitor.Wait(_requests, (int)Math.Min(left, int.MaxValue));
            }

            return _failure is null;
        }
    }

    /// <summary>Begins a pass for all who asked so far.</summary>
    /// <returns>The number of the last of them; 0 if nobody waits.</returns>
    private long TakeRequests()
    {
        // Whoever asks just now has not signalled yet, and is heard at the next wake-up.
        if (Volatile.Read(ref _asked) == _answered)
            return 0;
        lock (_requests)
        {
            // Under the lock, so that no signal is taken back whose request was not seen. That of Stop is: it is looked for by itself.
            _wake!.Reset();
            return _asked;
        }
    }

    private void Answer(long number)
    {
        if (number == 0)
            return;
        lock (_requests)
        {
            _answered = Math.Max(_answered, number);
            Monitor.PulseAll(_requests);
        }
    }

    private void AnswerAll() => Answer(long.MaxValue);
}
