using Google.Protobuf;
using Google.Protobuf.Reflection;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Profiles.V1Development;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests;

/// <summary>Fills official messages with random values, field by field, by their descriptors.</summary>
internal sealed class RandomRequests(int seed)
{
    private readonly Random _random = new(seed);

    public IMessage Request(Signal signal)
    {
        IMessage request = Empty(signal);
        // The envelope has to be there, or most messages would be empty.
        Fill(request, depth: 0);
        return request;
    }

    public static IMessage Empty(Signal signal) => signal switch
    {
        Signal.Traces => new ExportTraceServiceRequest(),
        Signal.Metrics => new ExportMetricsServiceRequest(),
        Signal.Logs => new ExportLogsServiceRequest(),
        _ => new ExportProfilesServiceRequest(),
    };

    public static IMessage Parse(Signal signal, byte[] bytes) => Empty(signal).Descriptor.Parser.ParseFrom(bytes);

    private void Fill(IMessage message, int depth)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            bool wanted = depth < 3 || _random.Next(100) < (depth < 8 ? 60 : 10);
            if (!wanted || (field.ContainingOneof is { IsSynthetic: false } oneof && _random.Next(oneof.Fields.Count) != 0))
                continue;
            if (field.IsRepeated)
            {
                var list = (System.Collections.IList)field.Accessor.GetValue(message);
                for (int i = _random.Next(depth < 3 ? 1 : 0, 4); i > 0; i--)
                    list.Add(Value(field, depth));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }
    }

    private object Value(FieldDescriptor field, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                IMessage child = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                Fill(child, depth + 1);
                return child;
            case FieldType.String:
                return _random.Next(4) switch { 0 => "", 1 => "ü\"\\\n\t", 2 => "service.name", _ => $"text {_random.Next(10)}" };
            case FieldType.Bytes:
                byte[] bytes = new byte[_random.Next(2) == 0 ? 16 : 8];
                _random.NextBytes(bytes);
                return ByteString.CopyFrom(bytes);
            case FieldType.Bool:
                return true;
            case FieldType.Enum:
                return Enum.ToObject(field.EnumType.ClrType, _random.Next(1, 3));
            case FieldType.Double:
                return _random.Next(5) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => 1e300, _ => _random.NextDouble() };
            case FieldType.Int32 or FieldType.SInt32:
                return _random.Next(int.MinValue, int.MaxValue);
            case FieldType.UInt32 or FieldType.Fixed32:
                return (uint)_random.NextInt64(1, uint.MaxValue);
            case FieldType.Int64 or FieldType.SFixed64:
                return _random.NextInt64(long.MinValue, long.MaxValue);
            default:
                return (ulong)_random.NextInt64(1, long.MaxValue) * 2;
        }
    }
}
