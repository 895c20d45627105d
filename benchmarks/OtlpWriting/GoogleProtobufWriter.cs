using System.Buffers.Binary;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Benchmarks.OtlpWriting;

/// <summary>The same requests by way of the generated messages of Google.Protobuf, into a buffer that is kept.</summary>
internal sealed class GoogleProtobufWriter
{
    private static readonly InstrumentationScope s_scope = new() { Name = "ebpf-receiver/tcp", Version = "0.1.0" };

    private readonly ConnectionSample[] _samples;
    private readonly int _batchItems;
    private readonly Resource[] _resources = new Resource[ConnectionSample.Processes];
    private readonly byte[] _buffer = new byte[4 * 1024 * 1024];

    public GoogleProtobufWriter(ConnectionSample[] samples, int batchItems)
    {
        _samples = samples;
        _batchItems = batchItems;
        for (int i = 0; i < _resources.Length; i++)
        {
            _resources[i] = new Resource
            {
                Attributes =
                {
                    Of("service.name", "nginx"), Of("service.instance.id", $"instance-{i}"), Of("host.name", "benchmark"),
                    Of("process.pid", 1000 + i), Of("process.executable.path", "/usr/sbin/nginx"),
                },
            };
        }
    }

    public long WriteSpans(int items)
    {
        long bytes = 0;
        var id = new byte[24];
        for (int first = 0; first < items; first += _batchItems)
        {
            var scopes = new ScopeSpans?[ConnectionSample.Processes];
            var request = new ExportTraceServiceRequest();
            for (int i = first; i < Math.Min(items, first + _batchItems); i++)
            {
                ref readonly ConnectionSample sample = ref _samples[i % _samples.Length];
                ScopeSpans? scope = scopes[sample.Process];
                if (scope is null)
                {
                    scopes[sample.Process] = scope = new ScopeSpans { Scope = s_scope };
                    request.ResourceSpans.Add(new ResourceSpans { Resource = _resources[sample.Process], ScopeSpans = { scope } });
                }
                BinaryPrimitives.WriteUInt64BigEndian(id, sample.TraceHigh);
                BinaryPrimitives.WriteUInt64BigEndian(id.AsSpan(8), sample.TraceLow);
                BinaryPrimitives.WriteUInt64BigEndian(id.AsSpan(16), sample.Span);
                scope.Spans.Add(new Span
                {
                    TraceId = ByteString.CopyFrom(id, 0, 16),
                    SpanId = ByteString.CopyFrom(id, 16, 8),
                    Name = "tcp connect",
                    Kind = Span.Types.SpanKind.Client,
                    StartTimeUnixNano = sample.Start,
                    EndTimeUnixNano = sample.End,
                    Attributes =
                    {
                        Of("network.transport", "tcp"), Of("network.type", "ipv4"), Of("network.local.address", "192.168.17.4"),
                        Of("network.local.port", sample.LocalPort), Of("network.peer.address", "192.168.17.5"),
                        Of("network.peer.port", sample.PeerPort), Of("linux.tcp.bytes_sent", sample.BytesSent),
                        Of("linux.tcp.bytes_received", sample.BytesReceived), Of("linux.tcp.retransmits", sample.Retransmits),
                        Of("linux.tcp.rtt", sample.RoundTrip),
                    },
                });
            }
            bytes += Write(request);
        }
        return bytes;
    }

    public long WriteLogs(int items)
    {
        long bytes = 0;
        for (int first = 0; first < items; first += _batchItems)
        {
            var scopes = new ScopeLogs?[ConnectionSample.Processes];
            var request = new ExportLogsServiceRequest();
            for (int i = first; i < Math.Min(items, first + _batchItems); i++)
            {
                ref readonly ConnectionSample sample = ref _samples[i % _samples.Length];
                ScopeLogs? scope = scopes[sample.Process];
                if (scope is null)
                {
                    scopes[sample.Process] = scope = new ScopeLogs { Scope = s_scope };
                    request.ResourceLogs.Add(new ResourceLogs { Resource = _resources[sample.Process], ScopeLogs = { scope } });
                }
                var arguments = new ArrayValue { Values = { Text("curl"), Text("https://example.org") } };
                scope.LogRecords.Add(new LogRecord
                {
                    TimeUnixNano = sample.Start,
                    ObservedTimeUnixNano = sample.End,
                    SeverityNumber = SeverityNumber.Info,
                    SeverityText = "INFO",
                    EventName = "process.exec",
                    Body = Text("/usr/bin/curl https://example.org"),
                    Attributes =
                    {
                        Of("process.pid", sample.LocalPort), Of("process.parent_pid", sample.PeerPort),
                        Of("process.executable.path", "/usr/bin/curl"),
                        new KeyValue { Key = "process.command_args", Value = new AnyValue { ArrayValue = arguments } },
                    },
                });
            }
            bytes += Write(request);
        }
        return bytes;
    }

    private int Write(IMessage request)
    {
        int size = request.CalculateSize();
        request.WriteTo(_buffer.AsSpan(0, size));
        return size;
    }

    private static AnyValue Text(string value) => new() { StringValue = value };

    private static KeyValue Of(string key, string value) => new() { Key = key, Value = Text(value) };

    private static KeyValue Of(string key, long value) => new() { Key = key, Value = new AnyValue { IntValue = value } };

    private static KeyValue Of(string key, double value) => new() { Key = key, Value = new AnyValue { DoubleValue = value } };
}
