namespace EbpfReceiver.Otlp;

/// <summary>A data point of any kind in request bytes. Fields that the kind does not have are zero.</summary>
internal readonly ref struct PointView
{
    private readonly int _attributesField;

    /// <param name="kind">What the point is.</param>
    /// <param name="message">The encoded data point.</param>
    public PointView(PointKind kind, ReadOnlySpan<byte> message)
    {
        Kind = kind;
        Message = message;
        _attributesField = AttributesFieldOf(kind);
        int flags = FlagsFieldOf(kind);
        bool isNumber = kind is PointKind.Gauge or PointKind.Sum;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            // Start, time, count and sum have the same numbers in all kinds.
            if (fields.Field == flags && fields.WireType == WireType.Varint)
            {
                NoValue = (fields.Number & 1) != 0;
                continue;
            }
            if (fields.WireType != WireType.Fixed64)
                continue;
            switch (fields.Field)
            {
                case MetricsFields.NumberPoint.StartTimeUnixNano:
                    StartUnixNano = fields.Number;
                    break;
                case MetricsFields.NumberPoint.TimeUnixNano:
                    TimeUnixNano = fields.Number;
                    break;
                case MetricsFields.NumberPoint.AsDouble when isNumber:
                    Value = fields.Double;
                    break;
                case MetricsFields.NumberPoint.AsInt when isNumber:
                    IsInteger = true;
                    Integer = (long)fields.Number;
                    Value = Integer;
                    break;
                case MetricsFields.HistogramPoint.Count:
                    Count = fields.Number;
                    break;
                case MetricsFields.HistogramPoint.Sum:
                    HasSum = true;
                    Sum = fields.Double;
                    break;
            }
        }
        Malformed = fields.Malformed;
    }

    /// <summary>What the point is.</summary>
    public PointKind Kind { get; }

    /// <summary>The encoded data point.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>From when it counts, in nanoseconds since 1970; 0 when not told.</summary>
    public ulong StartUnixNano { get; }

    /// <summary>When it was read, in nanoseconds since 1970.</summary>
    public ulong TimeUnixNano { get; }

    /// <summary>The value of a gauge or sum.</summary>
    public double Value { get; }

    /// <summary>Whether the value of a gauge or sum is an integer.</summary>
    public bool IsInteger { get; }

    /// <summary>The value as an integer, if it is one.</summary>
    public long Integer { get; }

    /// <summary>Values in a histogram or summary.</summary>
    public ulong Count { get; }

    /// <summary>The sum of the values in a histogram or summary.</summary>
    public double Sum { get; }

    /// <summary>Whether there is a sum.</summary>
    public bool HasSum { get; }

    /// <summary>The flag that says: this series has ended.</summary>
    public bool NoValue { get; }

    /// <summary>Its attributes.</summary>
    public AttributeEnumerator Attributes => new(Message, _attributesField);

    internal bool Malformed { get; }

    /// <summary>Looks an attribute up.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ValueView value) => Attributes.TryFind(key, out value);

    private static int AttributesFieldOf(PointKind kind) => kind switch
    {
        PointKind.Histogram => MetricsFields.HistogramPoint.Attributes,
        PointKind.ExponentialHistogram => MetricsFields.ExponentialHistogramPoint.Attributes,
        _ => MetricsFields.NumberPoint.Attributes,
    };

    private static int FlagsFieldOf(PointKind kind) => kind switch
    {
        PointKind.Histogram or PointKind.ExponentialHistogram => MetricsFields.HistogramPoint.Flags,
        _ => MetricsFields.NumberPoint.Flags,
    };
}
