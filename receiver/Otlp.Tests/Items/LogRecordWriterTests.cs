using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using static EbpfReceiver.Otlp.Tests.ProtoAttributes;

namespace EbpfReceiver.Otlp.Tests.Items;

public class LogRecordWriterTests
{
    [Fact]
    public void Every_field_of_a_log_record_is_what_the_official_parser_reads()
    {
        var collected = new Collected();
        using var batcher = new ItemBatcher<int>(
            Signal.Logs, [new EncodedScope("ebpf-receiver/process")], _ => ReadOnlyMemory<byte>.Empty, collected.Publish);
        byte[] traceId = Enumerable.Range(1, 16).Select(i => (byte)i).ToArray();
        LogRecordWriter record = batcher.BeginLogRecord(1, 0);
        record.Times(11, 22);
        record.Severity(Severity.Warn);
        record.EventName("process.exit"u8);
        record.Body("nginx (4711) exited"u8);
        record.TraceId(traceId);
        record.SpanId(traceId.AsSpan(0, 8));
        record.Attribute("process.exit.code"u8, 139);
        record.Attribute("seconds"u8, 1.5);
        record.Attribute("core"u8, true);
        record.StringArrayAttribute("process.command_args"u8, "nginx\0-v"u8);
        record.End();
        batcher.Flush();

        Collected.AssertSame(
            new LogRecord
            {
                TimeUnixNano = 11,
                ObservedTimeUnixNano = 22,
                SeverityNumber = SeverityNumber.Warn,
                SeverityText = "WARN",
                EventName = "process.exit",
                Body = new AnyValue { StringValue = "nginx (4711) exited" },
                TraceId = ByteString.CopyFrom(traceId),
                SpanId = ByteString.CopyFrom(traceId, 0, 8),
                Attributes =
                {
                    Of("process.exit.code", 139), Of("seconds", 1.5), Of("core", true), Of("process.command_args", "nginx", "-v"),
                },
            },
            collected.Logs().ResourceLogs[0].ScopeLogs[0].LogRecords[0]);
        Assert.Null(collected.Logs().ResourceLogs[0].Resource);
    }
}
