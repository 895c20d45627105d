using EbpfReceiver.Configuration;
using EbpfReceiver.Hosting;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Services.Exports;

/// <summary>
/// Takes telemetry of SDKs and collectors, by whichever protocol it came. Its resource is completed with what is known of the process that
/// sends it, when that is on this machine, and it goes out by the same outlets as our own.
/// </summary>
/// <param name="fanout">The ways out.</param>
/// <param name="statistics">Counts what arrives.</param>
/// <param name="memory">Says when there is no more memory to be had.</param>
/// <param name="limits">How much is taken in at a time.</param>
internal sealed class ExportIntake(Fanout fanout, EndpointStatistics statistics, IMemoryPressure memory, EndpointLimits limits)
{
    private readonly InFlightBudget _budget = new(limits.MaxInFlightBytes);

    /// <summary>The most bytes of a request, as it comes and decompressed.</summary>
    public int MaximumBytes => limits.MaxMessageBytes;

    /// <summary>How long the body of a request may take to come.</summary>
    public TimeSpan Patience => limits.RequestTimeout;

    /// <summary>Counts a request, and says before it is read if it can't be served now.</summary>
    public Refusal? Admit(Signal signal)
    {
        statistics.CountRequest(signal);
        if (memory.IsCritical) return Refuse(signal, Refusal.NoMemory());
        return IsFull(signal) ? Refuse(signal, Refusal.QueueFull(signal)) : null;
    }

    /// <summary>A buffer for a request.</summary>
    /// <param name="maximum">The most bytes.</param>
    public RequestBytes Rent(int maximum) => new(_budget, maximum);

    /// <summary>Passes a request on.</summary>
    /// <param name="signal">Which request message it is.</param>
    /// <param name="request">The encoded request, decompressed; only read while this runs.</param>
    /// <param name="sender">The resource attributes of the process that sends it, encoded; may be empty.</param>
    /// <param name="aborted">Nobody waits for the answer any more.</param>
    public ExportAnswer Take(Signal signal, ReadOnlySpan<byte> request, ReadOnlySpan<byte> sender, CancellationToken aborted)
    {
        if (!ResourceSplicer.TryCompleteValid(signal, request, sender, out Batch? batch, out int rejected))
            return new ExportAnswer(Refuse(signal, Refusal.NotARequest(signal)));
        int items = batch!.Items;
        Task? stored = null;
        if (items == 0)
        {
            batch.Release();
        }
        else
        {
            Publication published = fanout.PublishTold(batch, aborted);
            // It is larger than the one before, or others came in between.
            if (!published.IsTaken) return new ExportAnswer(Refuse(signal, Refusal.QueueFull(signal)));
            stored = published.Stored;
        }

        statistics.CountItems(signal, items, rejected);
        string? message = rejected > 0 ? WhyRejected(signal) : HasExporter(signal) ? null : NoExporter(signal);
        return new ExportAnswer(null, rejected, message, stored);
    }

    /// <summary>Counts a refusal.</summary>
    public Refusal Refuse(Signal signal, Refusal refusal)
    {
        statistics.CountRefused(refusal.Cause);
        if (refusal.RetrySeconds > 0)
            statistics.CountDeferred(signal);
        else
            statistics.CountRejected(signal);
        return refusal;
    }

    /// <summary>Every outlet that queues this signal has no room: what is taken now would be lost, what is sent again later would not.</summary>
    private bool IsFull(Signal signal)
    {
        bool queues = false;
        foreach (IOutlet outlet in fanout.Outlets)
        {
            if (!outlet.Takes(signal)) continue;
            OutletStatistics outletStatistics = outlet.Statistics;
            if (outletStatistics.QueueCapacity == 0) continue;
            if (!outletStatistics.QueueIsFull) return false;
            queues = true;
        }

        return queues;
    }

    private bool HasExporter(Signal signal)
    {
        foreach (IOutlet outlet in fanout.Outlets)
        {
            if (outlet is not LiveOutlet && outlet.Takes(signal)) return true;
        }

        return false;
    }

    private static string NoExporter(Signal signal) =>
        $"No exporter of the receiver takes {Signals.NameOf(signal)}: they can only be pulled and tailed.";

    private static string WhyRejected(Signal signal) => signal == Signal.Traces
        ? "Spans were left out whose trace id is not 16 bytes or span id not 8 bytes, or that are all zero."
        : "Data points of histograms were left out that have not one bucket more than bounds.";
}
