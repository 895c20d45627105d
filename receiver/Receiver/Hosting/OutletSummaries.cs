using EbpfReceiver.Otlp;

namespace EbpfReceiver.Hosting;

/// <summary>Adds up what outlets say of the four signals.</summary>
internal static class OutletSummaries
{
    /// <summary>The summary of one outlet.</summary>
    public static OutletSummary Of(IOutlet outlet)
    {
        OutletStatistics s = outlet.Statistics;
        long full = Sum(s, DropCause.QueueFull);
        long offered = 0, delivered = 0;
        for (int signal = 0; signal < Signals.Count; signal++)
        {
            offered += s.Offered((Signal)signal);
            delivered += s.Delivered((Signal)signal);
        }

        return new OutletSummary(
            outlet.Name,
            offered - full,
            delivered,
            Sum(s, DropCause.Rejected) + Sum(s, DropCause.NotRetryable) + Sum(s, DropCause.TooLarge),
            Sum(s, DropCause.Expired) + Sum(s, DropCause.Failed) + Sum(s, DropCause.Evicted) + Sum(s, DropCause.Corrupted),
            full,
            s.QueueSize,
            s.QueueCapacity,
            s.LastError);
    }

    /// <summary>The losses of one outlet by cause, also those that never happened.</summary>
    public static IEnumerable<DropStatistics> DropsOf(IOutlet outlet)
    {
        for (int cause = 0; cause < DropCauses.Count; cause++)
            yield return new DropStatistics(outlet.Name, DropCauses.NameOf((DropCause)cause), Sum(outlet.Statistics, (DropCause)cause));
    }

    private static long Sum(OutletStatistics statistics, DropCause cause)
    {
        long sum = 0;
        for (int signal = 0; signal < Signals.Count; signal++) sum += statistics.Dropped((Signal)signal, cause);
        return sum;
    }
}
