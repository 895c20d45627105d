using EbpfReceiver.Otlp;
using EbpfReceiver.Terminal;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Terminal;

/// <summary>Builds requests with the official messages, presents them, and gives the text that appears.</summary>
internal sealed class ConsoleText
{
    private readonly StringWriter _text = new();
    private readonly BatchPresenter _presenter;

    public ConsoleText(ConsoleOutletOptions? options = null, bool color = false)
    {
        IConsoleView view = color ? new ColorView(_text, 140) : new PlainView(_text);
        _presenter = new BatchPresenter(view, options ?? new ConsoleOutletOptions(), Clock);
    }

    public ManualClock Clock { get; } = new();

    public string Text => _text.ToString();

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Resource Process(string name, int pid, string? container = null)
    {
        var resource = new Resource { Attributes = { Of("process.executable.name", name), Of("process.pid", pid) } };
        if (container is not null)
            resource.Attributes.Add(Of("container.id", container));
        return resource;
    }

    public static KeyValue Of(string key, object value) => new()
    {
        Key = key,
        Value = value switch
        {
            string s => new AnyValue { StringValue = s },
            int i => new AnyValue { IntValue = i },
            double d => new AnyValue { DoubleValue = d },
            string[] a => new AnyValue { ArrayValue = new ArrayValue { Values = { a.Select(s => new AnyValue { StringValue = s }) } } },
            _ => throw new ArgumentException(value.GetType().Name, nameof(value)),
        },
    };

    public void Spans(Resource resource, params Span[] spans)
    {
        var request = new ExportTraceServiceRequest
        {
            ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { new ScopeSpans { Spans = { spans } } } } },
        };
        _presenter.Present(Signal.Traces, spans.Length, request.ToByteArray());
    }

    public void Logs(Resource resource, params LogRecord[] records)
    {
        var request = new ExportLogsServiceRequest
        {
            ResourceLogs = { new ResourceLogs { Resource = resource, ScopeLogs = { new ScopeLogs { LogRecords = { records } } } } },
        };
        _presenter.Present(Signal.Logs, records.Length, request.ToByteArray());
    }

    public void Metrics(params (Resource Resource, Metric Metric)[] metrics) => MetricsOf("", metrics);

    public void MetricsOf(string scope, params (Resource Resource, Metric Metric)[] metrics)
    {
        var request = new ExportMetricsServiceRequest();
        foreach ((Resource resource, Metric metric) in metrics)
            request.ResourceMetrics.Add(new ResourceMetrics { Resource = resource, ScopeMetrics = { new ScopeMetrics { Scope = new InstrumentationScope { Name = scope }, Metrics = { metric } } } });
        _presenter.Present(Signal.Metrics, metrics.Length, request.ToByteArray());
    }

    public void After(TimeSpan time)
    {
        Clock.Now += time;
        _presenter.Tick();
    }

    internal sealed class ManualClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 19, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
