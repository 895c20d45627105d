using System.Diagnostics;
using System.Net;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace EbpfReceiver.Benchmarks.OtlpWriting;

/// <summary>
/// The OpenTelemetry .NET exporter, whose serializer is hand-written too. It begins with finished Activity objects, which are
/// not charged to it, and its transport is a handler that only counts the bytes; it has one resource for all.
/// </summary>
internal sealed class OpenTelemetryWriter : IDisposable
{
    private readonly Activity[] _activities;
    private readonly int _batchItems;
    private readonly Activity[] _batch;
    private readonly CountingHandler _handler = new();
    private readonly OtlpTraceExporter _exporter;

    public OpenTelemetryWriter(ConnectionSample[] samples, int batchItems)
    {
        _batchItems = batchItems;
        _batch = new Activity[batchItems];
        _exporter = new OtlpTraceExporter(new OtlpExporterOptions
        {
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Endpoint = new Uri("http://localhost:4318/v1/traces"),
            HttpClientFactory = () => new HttpClient(_handler),
        });
        using var source = new ActivitySource("ebpf-receiver/tcp", "0.1.0");
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        _activities = new Activity[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            ConnectionSample sample = samples[i];
            Activity activity = source.StartActivity("tcp connect", ActivityKind.Client, parentContext: default)!;
            activity.SetTag("network.transport", "tcp");
            activity.SetTag("network.type", "ipv4");
            activity.SetTag("network.local.address", "192.168.17.4");
            activity.SetTag("network.local.port", (long)sample.LocalPort);
            activity.SetTag("network.peer.address", "192.168.17.5");
            activity.SetTag("network.peer.port", (long)sample.PeerPort);
            activity.SetTag("linux.tcp.bytes_sent", sample.BytesSent);
            activity.SetTag("linux.tcp.bytes_received", sample.BytesReceived);
            activity.SetTag("linux.tcp.retransmits", sample.Retransmits);
            activity.SetTag("linux.tcp.rtt", sample.RoundTrip);
            activity.Stop();
            _activities[i] = activity;
        }
    }

    public long WriteSpans(int items)
    {
        _handler.Bytes = 0;
        for (int first = 0; first < items; first += _batchItems)
        {
            int count = Math.Min(_batchItems, items - first);
            for (int i = 0; i < count; i++)
                _batch[i] = _activities[(first + i) % _activities.Length];
            using var batch = new OpenTelemetry.Batch<Activity>(_batch, count);
            if (_exporter.Export(batch) != ExportResult.Success)
                throw new InvalidOperationException("The exporter failed.");
        }
        return _handler.Bytes;
    }

    public void Dispose() => _exporter.Dispose();

    private sealed class CountingHandler : HttpMessageHandler
    {
        public long Bytes { get; set; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bytes += request.Content!.Headers.ContentLength ?? 0;
            return new HttpResponseMessage(HttpStatusCode.OK);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));
    }
}
