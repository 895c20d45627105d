namespace EbpfReceiver.LoaderCases;

/// <summary>A thread that makes the trigger's system call again and again, on whichever CPU it is put.</summary>
internal sealed class TriggerFlow : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _stopping;

    public TriggerFlow()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "flow" };
        _thread.Start();
    }

    /// <summary>Calls made; final once it was stopped.</summary>
    public long Calls { get; private set; }

    public void Stop()
    {
        _stopping = true;
        _thread.Join();
    }

    public void Dispose() => Stop();

    private void Run()
    {
        while (!_stopping)
        {
            CaseRun.Trigger(10);
            Calls += 10;
            Thread.Sleep(1);
        }
    }
}
