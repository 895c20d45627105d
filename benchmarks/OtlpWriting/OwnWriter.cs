using System.Buffers.Binary;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Benchmarks.OtlpWriting;

/// <summary>Our writers: from samples to complete requests.</summary>
internal sealed class OwnWriter
{
    private static readonly EncodedScope[] s_scopes = [new("ebpf-receiver/tcp", "0.1.0")];

    private readonly ConnectionSample[] _samples;
    private readonly EncodedResource[] _resources = new EncodedResource[ConnectionSample.Processes];
    private readonly ItemBatcher<int> _spans;
    private readonly ItemBatcher<int> _logs;
    private long _bytes;

    /// <param name="samples">Written again and again.</param>
    /// <param name="batchItems">Items of a request.</param>
    /// <param name="sink">Takes the requests over; null to count their bytes and drop them.</param>
    public OwnWriter(ConnectionSample[] samples, int batchItems, Action<Batch>? sink = null)
    {
        _samples = samples;
        for (int i = 0; i < _resources.Length; i++)
        {
            _resources[i] = new ResourceEncoder()
                .Add("service.name", "nginx").Add("service.instance.id", $"instance-{i}").Add("host.name", "benchmark")
                .Add("process.pid", 1000 + i).Add("process.executable.path", "/usr/sbin/nginx").Build();
        }
        Action<Batch> publish = batch =>
        {
            _bytes += batch.Length;
            if (sink is null)
                batch.Release();
            else
                sink(batch);
        };
        _spans = new ItemBatcher<int>(Signal.Traces, s_scopes, key => _resources[key].Bytes, publish, batchItems);
        _logs = new ItemBatcher<int>(Signal.Logs, s_scopes, key => _resources[key].Bytes, publish, batchItems);
    }

    public long WriteSpans(int items)
    {
        _bytes = 0;
        Span<byte> id = stackalloc byte[24];
        for (int i = 0; i < items; i++)
        {
            ref readonly ConnectionSample sample = ref _samples[i % _samples.Length];
            BinaryPrimitives.WriteUInt64BigEndian(id, sample.TraceHigh);
            BinaryPrimitives.WriteUInt64BigEndian(id[8..], sample.TraceLow);
            BinaryPrimitives.WriteUInt64BigEndian(id[16..], sample.Span);
            SpanWriter span = _spans.BeginSpan(sample.Process, 0);
            span.TraceId(id[..16]);
            span.SpanId(id[16..]);
            span.Name("tcp connect"u8);
            span.Kind(SpanKind.Client);
            span.Times(sample.Start, sample.End);
            span.Attribute("network.transport"u8, "tcp"u8);
            span.Attribute("network.type"u8, "ipv4"u8);
            span.Attribute("network.local.address"u8, "192.168.17.4"u8);
            span.Attribute("network.local.port"u8, sample.LocalPort);
            span.Attribute("network.peer.address"u8, "192.168.17.5"u8);
            span.Attribute("network.peer.port"u8, sample.PeerPort);
            span.Attribute("linux.tcp.bytes_sent"u8, sample.BytesSent);
            span.Attribute("linux.tcp.bytes_received"u8, sample.BytesReceived);
            span.Attribute("linux.tcp.retransmits"u8, sample.Retransmits);
            span.Attribute("linux.tcp.rtt"u8, sample.RoundTrip);
            span.End();
        }
        _spans.Flush();
        return _bytes;
    }

    public long WriteLogs(int items)
    {
        _bytes = 0;
        for (int i = 0; i < items; i++)
        {
            ref readonly ConnectionSample sample = ref _samples[i % _samples.Length];
            LogRecordWriter record = _logs.BeginLogRecord(sample.Process, 0);
            record.Times(sample.Start, sample.End);
            record.Severity(Severity.Info);
            record.EventName("process.exec"u8);
            record.Body("/usr/bin/curl https://example.org"u8);
            record.Attribute("process.pid"u8, sample.LocalPort);
            record.Attribute("process.parent_pid"u8, sample.PeerPort);
            record.Attribute("process.executable.path"u8, "/usr/bin/curl"u8);
            record.StringArrayAttribute("process.command_args"u8, "curl\0https://example.org\0"u8);
            record.End();
        }
        _logs.Flush();
        return _bytes;
    }
}
