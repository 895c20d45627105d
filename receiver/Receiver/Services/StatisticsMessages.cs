using EbpfReceiver.Hosting;
using EbpfReceiver.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using OutletStatistics = EbpfReceiver.Proto.V1.OutletStatistics;
using SampleStatistics = EbpfReceiver.Proto.V1.SampleStatistics;

namespace EbpfReceiver.Services;

/// <summary>The receiver's counters as messages of the inspection service.</summary>
internal static class StatisticsMessages
{
    public static GetStatsResponse Of(ReceiverStatistics statistics, IReadOnlyList<OwnMeasurement> measurements, DateTimeOffset now)
    {
        var response = new GetStatsResponse
        {
            StartedAt = Timestamp.FromDateTimeOffset(statistics.StartedAt),
            Uptime = Duration.FromTimeSpan(now > statistics.StartedAt ? now - statistics.StartedAt : TimeSpan.Zero),
            ItemsPublished = statistics.ItemsPublished,
            ProcessesKnown = statistics.ProcessesKnown,
            IdentityMisses = statistics.IdentityMisses,
            ResidentBytes = statistics.ResidentBytes,
            CpuTime = Duration.FromTimeSpan(statistics.CpuTime),
        };
        foreach (Hosting.SampleStatistics samples in statistics.Samples)
        {
            var message = new SampleStatistics
            {
                Kind = samples.Kind,
                Produced = samples.Produced,
                Delivered = samples.Delivered,
                LostBeforeSample = samples.LostBeforeSample,
                Overflowed = samples.Overflowed,
            };
            foreach (DropStatistics drop in samples.Dropped.Where(d => d.Count > 0)) message.Dropped.Add(Of(drop));
            response.Samples.Add(message);
        }

        foreach (DropStatistics drop in statistics.Dropped.Where(d => d.Count > 0)) response.Dropped.Add(Of(drop));
        foreach (OutletSummary outlet in statistics.Outlets)
        {
            response.Outlets.Add(new OutletStatistics
            {
                Name = outlet.Name,
                Accepted = outlet.Accepted,
                Sent = outlet.Sent,
                Refused = outlet.Refused,
                Failed = outlet.Failed,
                Dropped = outlet.Dropped,
                QueueSize = outlet.QueueSize,
                QueueCapacity = outlet.QueueCapacity,
                LastError = outlet.LastError ?? "",
            });
        }

        foreach (OwnMeasurement measurement in measurements)
        {
            var message = new Measurement { Metric = measurement.Metric, Unit = measurement.Unit, Value = measurement.Value };
            foreach ((string key, string value) in measurement.Attributes) message.Attributes.Add(key, value);
            response.Measurements.Add(message);
        }

        return response;
    }

    private static Drops Of(DropStatistics drop) => new() { Stage = drop.Stage, Cause = drop.Cause, Count = drop.Count };
}
