using System.Globalization;
using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>What GetStats says of samples and outlets, summed.</summary>
internal sealed record Account(JsonElement Statistics)
{
    public long Produced(string? kind = null) => Samples(kind).Sum(sample => Number(sample, "produced"));

    public long Delivered(string? kind = null) => Samples(kind).Sum(sample => Number(sample, "delivered"));

    public long Dropped(string? kind = null, string? cause = null) => Samples(kind)
        .SelectMany(sample => sample.GetProperty("dropped").EnumerateArray())
        .Where(drop => cause is null || drop.GetProperty("cause").GetString() == cause)
        .Sum(drop => Number(drop, "count"));

    public long LostBefore(string? kind = null) => Samples(kind).Sum(sample => Number(sample, "lostBeforeSample"));

    public long Published => Number(Statistics, "itemsPublished");

    public long Outlet(string name, string property) => Number(
        Statistics.GetProperty("outlets").EnumerateArray().Single(outlet => outlet.GetProperty("name").GetString() == name), property);

    private IEnumerable<JsonElement> Samples(string? kind) =>
        Statistics.GetProperty("samples").EnumerateArray().Where(sample => kind is null || sample.GetProperty("kind").GetString() == kind);

    // 64-bit integers are strings in protobuf's JSON.
    private static long Number(JsonElement of, string property) => of.GetProperty(property) is { ValueKind: JsonValueKind.String } text
        ? long.Parse(text.GetString()!, CultureInfo.InvariantCulture) : of.GetProperty(property).GetInt64();
}
