using System.Text;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Hosting;

/// <summary>Keeps the numbers of the receiver's own telemetry for who asks for them.</summary>
internal sealed class OwnMeasurements : IOwnPoints
{
    private readonly List<OwnMeasurement> _all = [];
    private MetricDescriptor _metric = null!;

    /// <summary>All that was added.</summary>
    public IReadOnlyList<OwnMeasurement> All => _all;

    /// <inheritdoc/>
    public void Begin(MetricDescriptor metric) => _metric = metric;

    /// <inheritdoc/>
    public void Add(long value, in OwnAttributes attributes) => Add((double)value, attributes);

    /// <inheritdoc/>
    public void Add(double value, in OwnAttributes attributes)
    {
        var list = new List<KeyValuePair<string, string>>(3);
        Add(list, attributes.Key1, attributes.Value1);
        Add(list, attributes.Key2, attributes.Value2);
        Add(list, attributes.Key3, attributes.Value3);
        _all.Add(new OwnMeasurement(_metric.Name, _metric.Unit, list, value));
    }

    private static void Add(List<KeyValuePair<string, string>> list, ReadOnlySpan<byte> key, string value)
    {
        if (!key.IsEmpty) list.Add(new KeyValuePair<string, string>(Encoding.UTF8.GetString(key), value));
    }
}
