using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using static EbpfReceiver.Otlp.Tests.ProtoAttributes;

namespace EbpfReceiver.Otlp.Tests.Items;

public class SpanWriterTests
{
    private static readonly byte[] s_traceId = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();
    private static readonly byte[] s_spanId = Enumerable.Range(21, 8).Select(i => (byte)i).ToArray();
    private static readonly byte[] s_parentId = Enumerable.Range(31, 8).Select(i => (byte)i).ToArray();

    [Fact]
    public void Every_field_of_a_span_is_what_the_official_parser_reads()
    {
        var collected = new Collected();
        EncodedResource resource = new ResourceEncoder()
            .Add("service.name", "nginx")
            .Add("process.pid", 4711)
            .Add("flag", true)
            .Add("load", 0.25)
            .Add("process.command_args", ["nginx", "-g", "daemon off;"])
            .Build();
        using var batcher = new ItemBatcher<int>(
            Signal.Traces, [new EncodedScope("ebpf-receiver/tcp", "0.1.0", "https://opentelemetry.io/schemas/1.44.0")],
            _ => resource.Bytes, collected.Publish);

        SpanWriter span = batcher.BeginSpan(1, 0);
        span.TraceId(s_traceId);
        span.SpanId(s_spanId);
        span.ParentSpanId(s_parentId);
        span.Name("tcp connect"u8);
        span.Kind(SpanKind.Client);
        span.Times(1_700_000_000_000_000_001, 1_700_000_000_000_000_999);
        span.Flags(0x301);
        span.Attribute("network.peer.port"u8, 443);
        span.Attribute("negative"u8, -1L);
        span.Attribute("huge"u8, ulong.MaxValue);
        span.Attribute("linux.tcp.rtt"u8, 0.0125);
        span.Attribute("ok"u8, false);
        span.Attribute("network.transport"u8, "tcp"u8);
        span.Attribute("text"u8, "déjà vu");
        span.StringArrayAttribute("args"u8, "a\0\0long one\0"u8);
        span.StringArrayAttribute("names"u8, ["x", "ü"]);
        span.StringArrayAttribute("none"u8, ""u8);
        span.Status(StatusCode.Error, "ECONNREFUSED"u8);
        span.Link(s_traceId, s_parentId);
        span.End();
        batcher.Flush();

        var expected = new Span
        {
            TraceId = ByteString.CopyFrom(s_traceId),
            SpanId = ByteString.CopyFrom(s_spanId),
            ParentSpanId = ByteString.CopyFrom(s_parentId),
            Name = "tcp connect",
            Kind = Span.Types.SpanKind.Client,
            StartTimeUnixNano = 1_700_000_000_000_000_001,
            EndTimeUnixNano = 1_700_000_000_000_000_999,
            Flags = 0x301,
            Status = new Status { Code = Status.Types.StatusCode.Error, Message = "ECONNREFUSED" },
            Links = { new Span.Types.Link { TraceId = ByteString.CopyFrom(s_traceId), SpanId = ByteString.CopyFrom(s_parentId) } },
            Attributes =
            {
                Of("network.peer.port", 443), Of("negative", -1L), Of("huge", long.MaxValue), Of("linux.tcp.rtt", 0.0125), Of("ok", false),
                Of("network.transport", "tcp"), Of("text", "déjà vu"), Of("args", "a", "", "long one"), Of("names", "x", "ü"),
                Of("none", []),
            },
        };
        var request = new ExportTraceServiceRequest
        {
            ResourceSpans =
            {
                new ResourceSpans
                {
                    Resource = new Resource
                    {
                        Attributes =
                        {
                            Of("service.name", "nginx"), Of("process.pid", 4711), Of("flag", true), Of("load", 0.25),
                            Of("process.command_args", "nginx", "-g", "daemon off;"),
                        },
                    },
                    ScopeSpans =
                    {
                        new ScopeSpans
                        {
                            Scope = new InstrumentationScope { Name = "ebpf-receiver/tcp", Version = "0.1.0" },
                            Spans = { expected },
                            SchemaUrl = "https://opentelemetry.io/schemas/1.44.0",
                        },
                    },
                },
            },
        };
        Collected.AssertSame(request, collected.Traces());
        Assert.Equal((Signal.Traces, 1), (collected.Batches[0].Signal, collected.Batches[0].Items));
    }

    [Fact]
    public void The_bytes_are_as_small_as_those_of_the_official_library()
    {
        var collected = new Collected();
        using var batcher = Batcher(collected);
        SpanWriter span = batcher.BeginSpan(1, 0);
        span.Name("n"u8);
        span.Attribute("k"u8, new string('v', 300));
        span.Status(StatusCode.Error);
        span.End();
        batcher.Flush();

        Assert.Equal(collected.Traces().ToByteArray().Length, collected.Batches[0].Bytes.Length);
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xfe }, "\uFFFD\uFFFD")]
    [InlineData(new byte[] { 0x61, 0xc3 }, "a\uFFFD")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80, 0x62 }, "\uFFFD\uFFFD\uFFFDb")]
    public void Bytes_that_are_not_UTF_8_are_replaced_wherever_a_string_goes(byte[] text, string expected)
    {
        var collected = new Collected();
        using var batcher = Batcher(collected);
        SpanWriter span = batcher.BeginSpan(1, 0);
        span.Name(text);
        span.Attribute("k"u8, text);
        span.StringArrayAttribute("a"u8, [.. text, 0, (byte)'z']);
        span.Status(StatusCode.Error, text);
        span.End();
        batcher.Flush();

        Span read = collected.Traces().ResourceSpans[0].ScopeSpans[0].Spans[0];
        Assert.Equal(expected, read.Name);
        Assert.Equal(expected, read.Attributes[0].Value.StringValue);
        Assert.Equal([expected, "z"], read.Attributes[1].Value.ArrayValue.Values.Select(v => v.StringValue));
        Assert.Equal(expected, read.Status.Message);
    }

    [Fact]
    public void An_id_of_the_wrong_length_is_refused()
    {
        using var batcher = Batcher(new Collected());
        SpanWriter span = batcher.BeginSpan(1, 0);
        ArgumentException? thrown = null;
        try
        {
            span.TraceId(new byte[8]);
        }
        catch (ArgumentException e)
        {
            thrown = e;
        }
        Assert.Equal("The id has 8 bytes; it must have 16.", thrown?.Message);
    }

    private static ItemBatcher<int> Batcher(Collected collected) =>
        new(Signal.Traces, [new EncodedScope("s")], _ => ReadOnlyMemory<byte>.Empty, collected.Publish);
}
