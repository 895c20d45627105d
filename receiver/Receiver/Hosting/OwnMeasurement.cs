namespace EbpfReceiver.Hosting;

/// <summary>One number of the receiver's own telemetry, as it also leaves as a data point.</summary>
/// <param name="Metric">Name of the metric in the registry.</param>
/// <param name="Unit">Its unit, UCUM.</param>
/// <param name="Attributes">What tells it from others of the metric.</param>
/// <param name="Value">Counters: since the receiver was started.</param>
public sealed record OwnMeasurement(string Metric, string Unit, IReadOnlyList<KeyValuePair<string, string>> Attributes, double Value);
