using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Profiles.V1Development;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Profiles.V1Development;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;
using static EbpfReceiver.Otlp.Tests.ProtoAttributes;

namespace EbpfReceiver.Otlp.Tests.Requests;

public class ResourceSplicerTests
{
    private static readonly EncodedResource s_known = new ResourceEncoder()
        .Add("service.name", "known")
        .Add("process.pid", 42)
        .Add("container.id", "abc")
        .Build();

    [Fact]
    public void Attributes_that_are_missing_are_put_in_and_the_others_left_alone()
    {
        ExportTraceServiceRequest request = new()
        {
            ResourceSpans =
            {
                new ResourceSpans
                {
                    Resource = new Resource { Attributes = { Of("service.name", "own"), Of("x", 1) }, DroppedAttributesCount = 3 },
                    ScopeSpans = { Spans("a", "b") },
                    SchemaUrl = "u",
                },
                new ResourceSpans { ScopeSpans = { Spans("c") } },
                new ResourceSpans { Resource = new Resource(), ScopeSpans = { Spans("d") } },
            },
        };

        Assert.True(ResourceSplicer.TryComplete(Signal.Traces, request.ToByteArray(), s_known.Bytes.Span, out Batch? batch));
        ExportTraceServiceRequest completed = ExportTraceServiceRequest.Parser.ParseFrom(batch!.Bytes.Span);
        Assert.Equal((Signal.Traces, 4), (batch.Signal, batch.Items));
        batch.Release();

        request.ResourceSpans[0].Resource.Attributes.Add([Of("process.pid", 42), Of("container.id", "abc")]);
        request.ResourceSpans[1].Resource = new Resource
        {
            Attributes = { Of("service.name", "known"), Of("process.pid", 42), Of("container.id", "abc") },
        };
        request.ResourceSpans[2].Resource = request.ResourceSpans[1].Resource;
        Assert.Equal(request, completed);
    }

    [Fact]
    public void Keys_of_profiles_are_found_through_the_dictionary()
    {
        ExportProfilesServiceRequest request = new()
        {
            Dictionary = new ProfilesDictionary { StringTable = { "", "x", "process.pid" } },
            ResourceProfiles =
            {
                new ResourceProfiles
                {
                    Resource = new Resource { Attributes = { new KeyValue { KeyStrindex = 2, Value = new AnyValue { IntValue = 42 } } } },
                    ScopeProfiles = { new ScopeProfiles { Profiles = { new Profile(), new Profile() } } },
                },
            },
        };
        Assert.True(ResourceSplicer.TryComplete(Signal.Profiles, request.ToByteArray(), s_known.Bytes.Span, out Batch? batch));
        ExportProfilesServiceRequest completed = ExportProfilesServiceRequest.Parser.ParseFrom(batch!.Bytes.Span);
        Assert.Equal(2, batch.Items);
        batch.Release();
        request.ResourceProfiles[0].Resource.Attributes.Add([Of("service.name", "known"), Of("container.id", "abc")]);
        Assert.Equal(request, completed);
    }

    [Theory]
    [InlineData("host.name", "another")]
    [InlineData("host.id", "another")]
    [InlineData("container.id", "another")]
    [InlineData("k8s.pod.uid", "another")]
    [InlineData("process.pid", 43L)]
    public void What_a_sender_passes_on_for_others_stays_as_it_is(string key, object value)
    {
        KeyValue own = value is long number ? Of(key, number) : Of(key, (string)value);
        ExportTraceServiceRequest request = new()
        {
            ResourceSpans =
            {
                new ResourceSpans { Resource = new Resource { Attributes = { Of("x", 1), own } }, ScopeSpans = { Spans("a") } },
                new ResourceSpans
                {
                    Resource = new Resource { Attributes = { Of("process.pid", 42), Of("container.id", "abc") } },
                    ScopeSpans = { Spans("b") },
                },
            },
        };
        Assert.True(ResourceSplicer.TryComplete(Signal.Traces, request.ToByteArray(), s_known.Bytes.Span, out Batch? batch));
        ExportTraceServiceRequest completed = ExportTraceServiceRequest.Parser.ParseFrom(batch!.Bytes.Span);
        batch.Release();
        // The second is the sender's own, and what the first says is not carried over to it.
        request.ResourceSpans[1].Resource.Attributes.Add(Of("service.name", "known"));
        Assert.Equal(request, completed);
    }

    [Fact]
    public void Profiles_of_others_are_known_by_the_dictionary_too()
    {
        ExportProfilesServiceRequest request = new()
        {
            Dictionary = new ProfilesDictionary { StringTable = { "", "host.name" } },
            ResourceProfiles =
            {
                new ResourceProfiles
                {
                    Resource = new Resource { Attributes = { new KeyValue { KeyStrindex = 1, Value = new AnyValue { StringValue = "another" } } } },
                },
            },
        };
        Assert.True(ResourceSplicer.TryComplete(Signal.Profiles, request.ToByteArray(), s_known.Bytes.Span, out Batch? batch));
        Assert.Equal(request, ExportProfilesServiceRequest.Parser.ParseFrom(batch!.Bytes.Span));
        batch.Release();
    }

    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    [InlineData(Signal.Logs)]
    [InlineData(Signal.Profiles)]
    public void With_nothing_to_add_any_request_stays_what_it_was(Signal signal)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            IMessage request = new RandomRequests(seed).Request(signal);
            Assert.True(ResourceSplicer.TryComplete(signal, request.ToByteArray(), [], out Batch? batch));
            Assert.Equal(request, RandomRequests.Parse(signal, batch!.Bytes.ToArray()));
            batch.Release();
        }
    }

    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    [InlineData(Signal.Logs)]
    [InlineData(Signal.Profiles)]
    public void Hostile_bytes_are_refused_or_give_a_request_that_parses(Signal signal)
    {
        var random = new Random(11);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new RandomRequests(i % 20).Request(signal).ToByteArray();
            byte[] broken = bytes.AsSpan(0, random.Next(bytes.Length + 1)).ToArray();
            for (int j = random.Next(4); j > 0 && broken.Length > 0; j--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            bool spliced = ResourceSplicer.TryComplete(signal, broken, s_known.Bytes.Span, out Batch? batch);
            bool counted = RequestItems.TryCount(signal, broken, out int items);
            Assert.True(counted || !spliced, Convert.ToHexString(broken));
            if (!spliced)
            {
                Assert.Null(batch);
                // What the official parser takes, we take.
                Assert.False(IsMessage(signal, broken), Convert.ToHexString(broken));
                continue;
            }
            Assert.Equal(items, batch!.Items);
            if (IsMessage(signal, broken))
                Assert.True(IsMessage(signal, batch.Bytes.ToArray()), Convert.ToHexString(broken));
            batch.Release();
        }
    }

    [Fact]
    public void Many_empty_entries_do_not_make_a_request_grow_without_bound()
    {
        byte[] entries = new byte[2_000_000];
        for (int i = 0; i < entries.Length; i += 2)
            entries[i] = 0x0a;
        EncodedResource large = new ResourceEncoder().Add("k", new string('v', 2000)).Build();
        Assert.True(ResourceSplicer.TryComplete(Signal.Traces, entries, large.Bytes.Span, out Batch? batch));
        Assert.InRange(batch!.Length, 3_500_000, 4 * 1024 * 1024);
        batch.Release();
    }

    [Fact]
    public void Items_of_every_kind_are_counted()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            foreach (Signal signal in Enum.GetValues<Signal>())
            {
                IMessage request = new RandomRequests(seed).Request(signal);
                Assert.True(RequestItems.TryCount(signal, request.ToByteArray(), out int items));
                Assert.Equal(Count(request), items);
            }
        }
    }

    private static int Count(IMessage request) => request switch
    {
        ExportTraceServiceRequest t => t.ResourceSpans.SelectMany(r => r.ScopeSpans).Sum(s => s.Spans.Count),
        OpenTelemetry.Proto.Collector.Logs.V1.ExportLogsServiceRequest l => l.ResourceLogs.SelectMany(r => r.ScopeLogs)
            .Sum(s => s.LogRecords.Count),
        ExportProfilesServiceRequest p => p.ResourceProfiles.SelectMany(r => r.ScopeProfiles).Sum(s => s.Profiles.Count),
        OpenTelemetry.Proto.Collector.Metrics.V1.ExportMetricsServiceRequest m => m.ResourceMetrics.SelectMany(r => r.ScopeMetrics)
            .SelectMany(s => s.Metrics)
            .Sum(x => (x.Gauge?.DataPoints.Count ?? 0) + (x.Sum?.DataPoints.Count ?? 0) + (x.Histogram?.DataPoints.Count ?? 0)
                + (x.ExponentialHistogram?.DataPoints.Count ?? 0) + (x.Summary?.DataPoints.Count ?? 0)),
        _ => throw new InvalidOperationException(),
    };

    private static bool IsMessage(Signal signal, byte[] bytes)
    {
        try
        {
            RandomRequests.Parse(signal, bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static ScopeSpans Spans(params string[] names)
    {
        var scope = new ScopeSpans { Scope = new InstrumentationScope { Name = "s" } };
        scope.Spans.AddRange(names.Select(n => new Span { Name = n }));
        return scope;
    }
}
