using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>Counts what became of batches, and says what a person should know, once.</summary>
internal sealed class DeliveryReport(OtlpOutletOptions options, OutletStatistics statistics, ILogger logger)
{
    /// <summary>Drops of one cause are said at most this often; all are counted.</summary>
    private const long DropLogIntervalMs = 30_000;

    private readonly SaidCauses _said = new();
    private readonly long[] _dropSaidAt = [.. Enumerable.Repeat(-DropLogIntervalMs, DropCauses.Count)];
    private int _failing;

    public void Delivered(Batch batch, in SendOutcome outcome)
    {
        long rejected = Math.Clamp(outcome.Rejected, 0, batch.Items);
        statistics.CountDelivered(batch.Signal, batch.Items - rejected, batch.Length);
        if (rejected > 0)
        {
            statistics.CountDropped(batch.Signal, DropCause.Rejected, rejected);
            statistics.NoteError(string.IsNullOrEmpty(outcome.Message) ? "The other side rejected items." : outcome.Message);
        }
        if (Interlocked.Exchange(ref _failing, 0) != 0)
            DeliveryLog.Recovered(logger, options.Name, EndpointOf(batch.Signal));
        if (rejected == 0 && string.IsNullOrEmpty(outcome.Message))
            return;
        string signal = Signals.NameOf(batch.Signal);
        string message = outcome.Message ?? "";
        if (!_said.IsNew((rejected > 0 ? "rejected " : "warned ") + signal + ": " + message))
            return;
        if (rejected > 0)
            DeliveryLog.PartialSuccess(logger, options.Name, signal, rejected, batch.Items, message);
        else
            DeliveryLog.Warned(logger, options.Name, signal, message);
    }

    public void Retrying(Batch batch, in SendOutcome outcome)
    {
        statistics.NoteError(outcome.Describe());
        if (Interlocked.Exchange(ref _failing, 1) == 0)
            DeliveryLog.Retrying(logger, options.Name, Signals.NameOf(batch.Signal), EndpointOf(batch.Signal), outcome.Describe());
    }

    public void Dropped(Signal signal, int items, DropCause cause, string reason)
    {
        statistics.CountDropped(signal, cause, items);
        statistics.NoteError(reason);
        if (MayLogDrop(cause))
            DeliveryLog.Dropped(logger, options.Name, items, Signals.NameOf(signal), DropCauses.NameOf(cause), reason);
    }

    public void Failed(Signal signal, int items, Exception exception)
    {
        statistics.CountDropped(signal, DropCause.Failed, items);
        statistics.NoteError(exception.Message);
        if (MayLogDrop(DropCause.Failed))
            DeliveryLog.Failed(logger, exception, options.Name, items, Signals.NameOf(signal));
    }

    public void Abandoned(long batches)
    {
        if (batches > 0)
            DeliveryLog.Abandoned(logger, options.Name, batches);
    }

    private bool MayLogDrop(DropCause cause)
    {
        ref long saidAt = ref _dropSaidAt[(int)cause];
        long now = Environment.TickCount64;
        long said = Volatile.Read(ref saidAt);
        return now - said >= DropLogIntervalMs && Interlocked.CompareExchange(ref saidAt, now, said) == said;
    }

    private string EndpointOf(Signal signal) => (options.For(signal).Endpoint ?? options.Endpoint).ToString();
}
