using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Reads google.rpc.Status, which gRPC servers send in the trailer <c>grpc-status-details-bin</c>, as far as OTLP needs it: the
/// delay of a google.rpc.RetryInfo.
/// </summary>
internal static class RpcStatusDetails
{
    public const string Trailer = "grpc-status-details-bin";

    private const int StatusMessage = 2;
    private const int StatusDetails = 3;
    private const int AnyTypeUrl = 1;
    private const int AnyValue = 2;
    private const int RetryInfoDelay = 1;
    private const int DurationSeconds = 1;
    private const int DurationNanos = 2;

    /// <summary>A server that asks for more is not believed.</summary>
    private const long MaxSeconds = 24 * 60 * 60;

    /// <summary>The delay asked for; zero when there is a RetryInfo without one; null when there is no RetryInfo.</summary>
    public static TimeSpan? RetryDelay(ReadOnlySpan<byte> status)
    {
        var reader = new ProtobufReader(status);
        while (reader.Next())
        {
            if (!reader.Is(StatusDetails))
                continue;
            ReadOnlySpan<byte> type = default;
            ReadOnlySpan<byte> value = default;
            var any = new ProtobufReader(reader.Bytes);
            while (any.Next())
            {
                if (any.Is(AnyTypeUrl))
                    type = any.Bytes;
                else if (any.Is(AnyValue))
                    value = any.Bytes;
            }
            if (type.EndsWith("/google.rpc.RetryInfo"u8))
                return Delay(value);
        }
        return null;
    }

    /// <summary>The message of a google.rpc.Status; empty when there is none.</summary>
    public static string Message(ReadOnlySpan<byte> status)
    {
        var reader = new ProtobufReader(status);
        while (reader.Next())
        {
            if (reader.Is(StatusMessage))
                return Text(reader.Bytes);
        }
        return "";
    }

    /// <summary>The beginning of a text that another program wrote, fit for a log line.</summary>
    public static string Text(ReadOnlySpan<byte> utf8) =>
        Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 512)]).ReplaceLineEndings(" ").Trim();

    private static TimeSpan Delay(ReadOnlySpan<byte> retryInfo)
    {
        long seconds = 0;
        long nanos = 0;
        var info = new ProtobufReader(retryInfo);
        while (info.Next())
        {
            if (!info.Is(RetryInfoDelay))
                continue;
            var duration = new ProtobufReader(info.Bytes);
            while (duration.Next())
            {
                if (duration is { Field: DurationSeconds, WireType: WireType.Varint })
                    seconds = (long)duration.Number;
                else if (duration is { Field: DurationNanos, WireType: WireType.Varint })
                    nanos = (long)duration.Number;
            }
        }
        seconds = Math.Clamp(seconds, 0, MaxSeconds);
        nanos = Math.Clamp(nanos, 0, 999_999_999);
        return new TimeSpan(seconds * TimeSpan.TicksPerSecond + nanos / 100);
    }
}
