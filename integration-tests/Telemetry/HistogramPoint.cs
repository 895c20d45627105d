using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Telemetry;

/// <summary>An exponential histogram; values in the metric's unit.</summary>
internal sealed record HistogramPoint(long Count, double Sum, int Scale, long ZeroCount, double ZeroThreshold, int Offset, IReadOnlyList<long> Buckets, double? Minimum, double? Maximum)
{
    /// <summary>The upper bound, inclusive, of the bucket at a position of Buckets.</summary>
    public double UpperBound(int position) => Math.Pow(2, (Offset + position + 1) * Math.Pow(2, -Scale));

    /// <summary>The value that the given share of all values does not exceed: an upper bound of its bucket.</summary>
    public double Quantile(double share)
    {
        long rank = (long)Math.Ceiling(share * Count), below = ZeroCount;
        if (rank <= below)
            return ZeroThreshold;
        for (int i = 0; i < Buckets.Count; i++)
        {
            below += Buckets[i];
            if (rank <= below)
                return UpperBound(i);
        }

        throw new InvalidDataException($"{Count} values, but {below} in buckets");
    }

    public static HistogramPoint Read(JsonElement point)
    {
        JsonElement positive = point.TryGetProperty("positive", out JsonElement buckets) ? buckets : default;
        bool any = positive.ValueKind == JsonValueKind.Object;
        return new HistogramPoint(
            AttributeSet.Integer(point, "count"),
            point.TryGetProperty("sum", out JsonElement sum) ? sum.GetDouble() : 0,
            (int)AttributeSet.Integer(point, "scale"),
            AttributeSet.Integer(point, "zeroCount"),
            point.TryGetProperty("zeroThreshold", out JsonElement threshold) ? threshold.GetDouble() : 0,
            any ? (int)AttributeSet.Integer(positive, "offset") : 0,
            any ? [.. TelemetryFile.Elements(positive, "bucketCounts").Select(AttributeSet.Integer)] : [],
            point.TryGetProperty("min", out JsonElement minimum) ? minimum.GetDouble() : null,
            point.TryGetProperty("max", out JsonElement maximum) ? maximum.GetDouble() : null);
    }
}
