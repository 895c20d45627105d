using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;

namespace EbpfReceiver.Otlp.Tests.Json;

public class OtlpJsonReaderTests
{
    private const int Maximum = 4 << 20;

    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    [InlineData(Signal.Logs)]
    [InlineData(Signal.Profiles)]
    public void What_the_official_formatter_writes_is_read_as_the_same_message(Signal signal)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            IMessage request = new RandomRequests(seed).Request(signal);
            JsonNode json = JsonNode.Parse(JsonFormatter.Default.Format(request))!;
            UseHexIds(json);
            Assert.True(request.Equals(Read(signal, json.ToJsonString())), $"seed {seed}: {json}");
        }
    }

    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    [InlineData(Signal.Logs)]
    [InlineData(Signal.Profiles)]
    public void What_we_write_ourselves_is_read_as_the_same_message(Signal signal)
    {
        for (int seed = 100; seed < 140; seed++)
        {
            IMessage request = new RandomRequests(seed).Request(signal);
            var json = new ArrayBufferWriter<byte>();
            Assert.True(OtlpJson.TryWrite(signal, request.ToByteArray(), json, indented: seed % 2 == 0));
            Assert.True(request.Equals(Read(signal, Encoding.UTF8.GetString(json.WrittenSpan))), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    [InlineData("1.0")]
    [InlineData("10e-1")]
    [InlineData("\"SPAN_KIND_INTERNAL\"")]
    [InlineData("\"\\u0053PAN_KIND_INTERNAL\"")]
    public void An_enum_is_a_number_or_a_name(string value) =>
        Assert.Equal(OpenTelemetry.Proto.Trace.V1.Span.Types.SpanKind.Internal, ReadSpan($"\"kind\":{value}").Kind);

    [Theory]
    [InlineData("18446744073709551615", 18446744073709551615)]
    [InlineData("\"18446744073709551615\"", 18446744073709551615)]
    [InlineData("1544712660000000000", 1544712660000000000)]
    [InlineData("1.5e3", 1500)]
    [InlineData("0", 0)]
    public void A_64_bit_integer_is_a_string_or_a_number(string value, ulong expected) =>
        Assert.Equal(expected, ReadSpan($"\"startTimeUnixNano\":{value}").StartTimeUnixNano);

    [Theory]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("-0.5", -0.5)]
    [InlineData("\"1e3\"", 1000)]
    [InlineData("7", 7)]
    public void A_double_is_a_number_or_one_of_three_words(string value, double expected)
    {
        string json = MetricJson("\"gauge\":{\"dataPoints\":[{\"asDouble\":" + value + "}]}");
        var request = (ExportMetricsServiceRequest)Read(Signal.Metrics, json);
        Assert.Equal(expected, request.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Gauge.DataPoints[0].AsDouble);
    }

    [Fact]
    public void What_is_zero_or_empty_is_there_all_the_same_where_that_makes_a_difference()
    {
        AnyValue Value(string json) => ReadSpan($"\"attributes\":[{{\"key\":\"k\",\"value\":{json}}}]").Attributes[0].Value;
        Assert.Equal(AnyValue.ValueOneofCase.IntValue, Value("{\"intValue\":\"0\"}").ValueCase);
        Assert.Equal(AnyValue.ValueOneofCase.StringValue, Value("{\"stringValue\":\"\"}").ValueCase);
        Assert.Equal(AnyValue.ValueOneofCase.BoolValue, Value("{\"boolValue\":false}").ValueCase);
        Assert.Equal(AnyValue.ValueOneofCase.ArrayValue, Value("{\"arrayValue\":{}}").ValueCase);
        Assert.Equal(AnyValue.ValueOneofCase.None, Value("{}").ValueCase);
        Assert.Equal<byte>([1, 2, 255], Value("{\"bytesValue\":\"AQL/\"}").BytesValue.ToByteArray());
        Assert.Equal<byte>([1, 2, 255], Value("{\"bytesValue\":\"AQL\\/\"}").BytesValue.ToByteArray());
        Assert.Equal<byte>([1, 2, 255, 0], Value("{\"bytesValue\":\"AQL_AA\"}").BytesValue.ToByteArray());
    }

    [Fact]
    public void Unknown_fields_null_and_the_case_of_ids_make_no_difference()
    {
        OpenTelemetry.Proto.Trace.V1.Span span = ReadSpan(
            """
            "traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174","new":{"deep":[1,{"traceId":3},"]"]},
            "name":"\u00fc\n\ud83d\ude00","trace_id":"00","kind":null,"events":null,"attributes":[]
            """);
        Assert.Equal("5b8efff798038103d269b633813fc60c", Convert.ToHexStringLower(span.TraceId.Span));
        Assert.Equal("eee19b7ec3c1b174", Convert.ToHexStringLower(span.SpanId.Span));
        Assert.Equal("ü\n😀", span.Name);
        Assert.Empty(span.Events);
    }

    [Theory]
    [InlineData("", "it is not JSON, at line 1, byte 1, or nested too deep")]
    [InlineData("{\"resourceSpans\":[", "it is not JSON, at line 1, byte 19, or nested too deep")]
    [InlineData("{\n\"resourceSpans\":}", "it is not JSON, at line 2, byte 17, or nested too deep")]
    [InlineData("{} {}", "it is not JSON, at line 1, byte 4, or nested too deep")]
    [InlineData("[]", "expected an object at byte 0")]
    [InlineData("{\"resourceSpans\":{}}", "expected an array for resourceSpans at byte 17")]
    [InlineData("{\"resourceSpans\":[null]}", "expected an object for resourceSpans at byte 18")]
    [InlineData("{\"resourceSpans\":[{\"schemaUrl\":1}]}", "expected a string for schemaUrl at byte 31")]
    public void What_is_no_request_is_refused_with_the_place(string json, string reason)
    {
        Assert.Equal(new OtlpJsonProblem(reason, TooLarge: false), ProblemOf(Signal.Traces, json));
    }

    [Theory]
    [InlineData("\"traceId\":\"0\"", "expected an even number of hexadecimal digits for traceId")]
    [InlineData("\"traceId\":\"0g\"", "expected an even number of hexadecimal digits for traceId")]
    [InlineData("\"traceId\":17", "expected hexadecimal digits for traceId")]
    [InlineData("\"kind\":\"SPAN_KIND_NONE\"", "expected a whole number of 32 bits for kind")]
    [InlineData("\"kind\":1.5", "expected a whole number of 32 bits for kind")]
    [InlineData("\"kind\":3000000000", "expected a whole number of 32 bits for kind")]
    [InlineData("\"flags\":-1", "expected a whole number from 0 to 4294967295 for flags")]
    [InlineData("\"startTimeUnixNano\":18446744073709551616", "expected a whole number from 0 to 18446744073709551615 for startTimeUnixNano")]
    [InlineData("\"startTimeUnixNano\":\"\"", "expected a whole number from 0 to 18446744073709551615 for startTimeUnixNano")]
    [InlineData("\"startTimeUnixNano\":[]", "expected a whole number from 0 to 18446744073709551615 for startTimeUnixNano")]
    [InlineData("\"attributes\":[{\"value\":{\"boolValue\":1}}]", "expected true or false for boolValue")]
    [InlineData("\"attributes\":[{\"value\":{\"doubleValue\":1e999}}]", "expected a number for doubleValue")]
    [InlineData("\"attributes\":[{\"value\":{\"intValue\":\"9223372036854775808\"}}]", "expected a whole number of 64 bits for intValue")]
    [InlineData("\"attributes\":[{\"value\":{\"bytesValue\":\"*\"}}]", "expected base64 for bytesValue")]
    [InlineData("\"name\":\"\\ud800\"", "a string is not valid UTF-8 or has half of a surrogate pair")]
    public void A_value_of_the_wrong_kind_is_refused_by_name(string field, string reason) =>
        Assert.StartsWith(reason, ProblemOf(Signal.Traces, SpanJson(field)).Reason);

    [Fact]
    public void Text_that_is_not_UTF_8_is_refused()
    {
        byte[] json = Encoding.UTF8.GetBytes(SpanJson("\"name\":\"?\""));
        json[Array.IndexOf(json, (byte)'?')] = 0xFF;
        Assert.False(OtlpJsonReader.TryRead(Signal.Traces, json, Maximum, out _, out _, out OtlpJsonProblem? problem));
        Assert.StartsWith("expected valid UTF-8 for name", problem.Reason);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string Nested(int times)
        {
            string value = "{\"intValue\":1}";
            for (int i = 0; i < times; i++)
                value = "{\"arrayValue\":{\"values\":[" + value + "]}}";
            return "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":" + value + "}]}]}]}";
        }

        var request = (ExportLogsServiceRequest)Read(Signal.Logs, Nested(25));
        Assert.Equal(Nested(25), JsonFormatter.Default.Format(request).Replace(" ", "").Replace("\"1\"", "1"));
        foreach (int times in (int[])[31, 100, 10_000])
            Assert.Contains("nested", ProblemOf(Signal.Logs, Nested(times)).Reason);
        Assert.Contains("nested", ProblemOf(Signal.Logs, "{\"unknown\":" + new string('[', 100_000)).Reason);
    }

    [Fact]
    public void A_document_may_not_grow_over_the_limit()
    {
        string zeros = string.Join(',', Enumerable.Repeat('0', 10_000));
        string json = MetricJson("\"histogram\":{\"dataPoints\":[{\"explicitBounds\":[" + zeros + "]}]}");
        Assert.Equal(
            new OtlpJsonProblem("the message takes more than 40000 bytes as protobuf", TooLarge: true), ProblemOf(Signal.Metrics, json, 40_000));
        var request = (ExportMetricsServiceRequest)Read(Signal.Metrics, json);
        Assert.Equal(10_000, request.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Histogram.DataPoints[0].ExplicitBounds.Count);
    }

    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    [InlineData(Signal.Logs)]
    [InlineData(Signal.Profiles)]
    public void Hostile_documents_are_refused_or_give_a_request_that_parses(Signal signal)
    {
        var random = new Random(17);
        string[] texts = ["{", "}", "[", "]", ",", ":", "\"", "null", "0", "-1e9", "\\u", "\"traceId\":", "\"values\":["];
        byte[][] pieces = [.. texts.Select(Encoding.UTF8.GetBytes)];
        for (int i = 0; i < 2000; i++)
        {
            var json = new ArrayBufferWriter<byte>();
            Assert.True(OtlpJson.TryWrite(signal, new RandomRequests(i % 20).Request(signal).ToByteArray(), json));
            List<byte> broken = [.. json.WrittenSpan];
            for (int j = random.Next(4); j > 0; j--)
            {
                int at = random.Next(broken.Count);
                switch (random.Next(4))
                {
                    case 0: broken[at] = (byte)random.Next(256); break;
                    case 1: broken.InsertRange(at, pieces[random.Next(pieces.Length)]); break;
                    case 2: broken.RemoveRange(at, random.Next(Math.Min(9, broken.Count - at))); break;
                    default: broken.RemoveRange(at, random.Next(50) == 0 ? broken.Count - at : 0); break;
                }
            }

            byte[] document = [.. broken];
            if (OtlpJsonReader.TryRead(signal, document, Maximum, out byte[]? request, out int length, out _))
            {
                Exception? refused = Record.Exception(() => RandomRequests.Parse(signal, request[..length]));
                Assert.True(refused is null, Convert.ToHexString(document));
                ArrayPool<byte>.Shared.Return(request);
            }
        }
    }

    private static OpenTelemetry.Proto.Trace.V1.Span ReadSpan(string fields) =>
        ((ExportTraceServiceRequest)Read(Signal.Traces, SpanJson(fields))).ResourceSpans[0].ScopeSpans[0].Spans[0];

    private static string MetricJson(string fields) => "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{" + fields + "}]}]}]}";

    private static string SpanJson(string fields) => "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + fields + "}]}]}]}";

    private static IMessage Read(Signal signal, string json)
    {
        bool read = OtlpJsonReader.TryRead(
            signal, Encoding.UTF8.GetBytes(json), Maximum, out byte[]? request, out int length, out OtlpJsonProblem? problem);
        Assert.True(read, $"{problem?.Reason}\n{json}");
        IMessage message = RandomRequests.Parse(signal, request![..length]);
        ArrayPool<byte>.Shared.Return(request!);
        return message;
    }

    private static OtlpJsonProblem ProblemOf(Signal signal, string json, int maximum = Maximum)
    {
        Assert.False(OtlpJsonReader.TryRead(
            signal, Encoding.UTF8.GetBytes(json), maximum, out byte[]? request, out _, out OtlpJsonProblem? problem));
        Assert.Null(request);
        return problem;
    }

    /// <summary>The one thing in which OTLP differs from the general mapping: ids in base64 become hexadecimal.</summary>
    private static void UseHexIds(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                foreach ((string name, JsonNode? value) in json.ToArray())
                {
                    if (name is "traceId" or "spanId" or "parentSpanId" or "profileId")
                        json[name] = Convert.ToHexStringLower(Convert.FromBase64String(value!.GetValue<string>()));
                    else
                        UseHexIds(value);
                }

                break;
            case JsonArray array:
                foreach (JsonNode? item in array)
                    UseHexIds(item);
                break;
        }
    }
}
