using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EbpfReceiver.Otlp.Tests.Json;

public class OtlpJsonTests
{
    [Theory]
    [InlineData(Signal.Traces)]
    [InlineData(Signal.Metrics)]
    [InlineData(Signal.Logs)]
    [InlineData(Signal.Profiles)]
    public void Requests_of_any_content_say_the_same_as_the_official_descriptors(Signal signal)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            IMessage request = new RandomRequests(seed).Request(signal);
            JsonNode expected = Expected(request);
            JsonNode actual = JsonNode.Parse(Write(signal, request.ToByteArray()))!;
            Assert.True(JsonNode.DeepEquals(Sorted(expected), Sorted(actual)), $"seed {seed}:\n{expected}\n{actual}");
        }
    }

    [Fact]
    public void A_span_looks_as_the_specification_shows_it()
    {
        Batch batch = SampleBatches.Spans(1);
        string json = Write(Signal.Traces, batch.Bytes.ToArray());
        batch.Release();
        Assert.Equal(
            """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"test"}}]},
            "scopeSpans":[{"scope":{"name":"test"},"spans":[{"traceId":"30313233343536373839616263646566","spanId":"3031323334353637",
            "name":"tcp connect","startTimeUnixNano":"1","endTimeUnixNano":"2"}]}]}]}
            """.ReplaceLineEndings(""),
            json);
    }

    [Fact]
    public void Malformed_and_absurdly_nested_bytes_are_refused_without_harm()
    {
        byte[] nested = [];
        for (int i = 0; i < 200; i++)
            nested = Wrap(5, Wrap(1, nested));
        byte[] record = Wrap(5, nested);
        Assert.False(TryWrite(Signal.Logs, Wrap(1, Wrap(2, Wrap(2, record)))));

        var random = new Random(3);
        foreach (Signal signal in Enum.GetValues<Signal>())
        {
            byte[] bytes = new RandomRequests(5).Request(signal).ToByteArray();
            for (int i = 0; i < 500; i++)
            {
                byte[] broken = bytes.AsSpan(0, random.Next(bytes.Length)).ToArray();
                for (int j = 0; j < 3 && broken.Length > 0; j++)
                    broken[random.Next(broken.Length)] = (byte)random.Next(256);
                var buffer = new ArrayBufferWriter<byte>();
                // What is written completely must be JSON.
                if (OtlpJson.TryWrite(signal, broken, buffer))
                    using (JsonDocument.Parse(buffer.WrittenMemory))
                    {
                    }
            }
        }

        static bool TryWrite(Signal signal, byte[] bytes) => OtlpJson.TryWrite(signal, bytes, new ArrayBufferWriter<byte>());
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_replaced()
    {
        string json = Write(Signal.Logs, Wrap(1, Wrap(2, Wrap(2, Wrap(12, [0x61, 0xff])))));
        JsonNode record = JsonNode.Parse(json)!["resourceLogs"]![0]!["scopeLogs"]![0]!["logRecords"]![0]!;
        Assert.Equal("a\uFFFD", record["eventName"]!.GetValue<string>());
    }

    private static byte[] Wrap(int field, byte[] content)
    {
        var length = new List<byte>();
        for (int rest = content.Length; ; rest >>= 7)
        {
            length.Add((byte)(rest >= 0x80 ? rest | 0x80 : rest));
            if (rest < 0x80)
                break;
        }
        return [(byte)(field << 3 | 2), .. length, .. content];
    }

    private static string Write(Signal signal, byte[] request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(OtlpJson.TryWrite(signal, request, buffer));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>OTLP's JSON of a message, made from its descriptor by the rules of the specification.</summary>
    private static JsonObject Expected(IMessage message)
    {
        var json = new JsonObject();
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            object value = field.Accessor.GetValue(message);
            if (field.IsRepeated)
            {
                var list = (System.Collections.IList)value;
                if (list.Count == 0)
                    continue;
                var array = new JsonArray();
                foreach (object item in list)
                    array.Add(ExpectedValue(field, item));
                json[field.JsonName] = array;
            }
            else if (field.HasPresence ? field.Accessor.HasValue(message) : !IsDefault(value))
            {
                json[field.JsonName] = ExpectedValue(field, value);
            }
        }
        return json;
    }

    private static bool IsDefault(object value) => value switch
    {
        null => true,
        string s => s.Length == 0,
        ByteString b => b.Length == 0,
        double d => BitConverter.DoubleToInt64Bits(d) == 0,
        Enum e => Convert.ToInt32(e, CultureInfo.InvariantCulture) == 0,
        _ => value.Equals(Activator.CreateInstance(value.GetType())),
    };

    private static JsonNode ExpectedValue(FieldDescriptor field, object value) => value switch
    {
        IMessage m => Expected(m),
        string s => s,
        bool b => b,
        int i => i,
        uint u => u,
        long l => l.ToString(CultureInfo.InvariantCulture),
        ulong u => u.ToString(CultureInfo.InvariantCulture),
        double d => double.IsFinite(d) ? d : double.IsNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity",
        Enum e => Convert.ToInt32(e, CultureInfo.InvariantCulture),
        ByteString b => field.Name is "trace_id" or "span_id" or "parent_span_id" or "profile_id"
            ? Convert.ToHexStringLower(b.Span)
            : b.ToBase64(),
        _ => throw new InvalidOperationException(field.FullName),
    };

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(
            o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
