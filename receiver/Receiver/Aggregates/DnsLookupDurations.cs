using System.Text;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>
/// dns.lookup.duration by process, name and error, counted in user space: lookups are rare, and names do not fit a kernel map. Bounded
/// both ways: further names are one, further series are one.
/// </summary>
/// <param name="scope">The scope of the metric.</param>
/// <param name="identity">Which processes there are.</param>
/// <param name="maximumNames">Names that are told apart; further ones are <c>_OTHER</c>. 0: the name is left out.</param>
internal sealed class DnsLookupDurations(EncodedScope scope, IdentityTable identity, int maximumNames)
{
    private const int MaximumSeries = 2000;

    /// <summary>A name in the DNS has at most 253 characters; what is longer is cut.</summary>
    private const int MaximumNameLength = 255;

    private const string OtherName = "_OTHER";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _names = [];
    private readonly Dictionary<string, string> _errors = [];
    private readonly Dictionary<(int Pid, ulong Start, string Name, string Error), (DurationHistogram Histogram, ulong Since)> _series = [];
    private readonly DurationHistogram _overflow = new();
    private ulong _attachedAt;
    private ulong _collectedAt;

    /// <summary>The probe was attached: counting begins.</summary>
    /// <param name="now">Unix ns.</param>
    public void Attach(ulong now)
    {
        lock (_gate)
        {
            _attachedAt = _collectedAt = now;
            _series.Clear();
            _names.Clear();
            _overflow.Clear();
        }
    }

    /// <summary>Counts a lookup.</summary>
    /// <param name="process">Who asked.</param>
    /// <param name="name">What for; as the process wrote it.</param>
    /// <param name="error">error.type; empty if it was answered.</param>
    /// <param name="nanoseconds">How long it took.</param>
    public void Observe(ItemOwner process, ReadOnlySpan<byte> name, ReadOnlySpan<byte> error, ulong nanoseconds)
    {
        lock (_gate)
        {
            var key = (process.Pid, process.StartTime, NameOf(name), Interned(_errors, error, int.MaxValue));
            if (!_series.TryGetValue(key, out (DurationHistogram Histogram, ulong Since) series))
            {
                if (_series.Count >= MaximumSeries)
                {
                    _overflow.Observe(nanoseconds);
                    return;
                }

                series = (new DurationHistogram(), _collectedAt);
                _series.Add(key, series);
            }

            series.Histogram.Observe(nanoseconds);
        }
    }

    /// <summary>Writes the points; series of processes that exited are written once more and forgotten.</summary>
    public void Collect(Collection collection)
    {
        lock (_gate)
        {
            List<(int Pid, ulong Start, string Name, string Error)>? ended = null;
            foreach ((var key, (DurationHistogram histogram, ulong since)) in _series)
            {
                if (!identity.TryResolveCurrent(key.Pid, key.Start, out EncodedResource resource, out TimeSpan? exitedFor)) continue;
                Write(collection, resource, histogram, since, key.Name, key.Error);
                if (exitedFor is not null) (ended ??= []).Add(key);
            }

            Write(collection, identity.Machine, _overflow, _attachedAt, null, "");
            _collectedAt = collection.Now;
            if (ended is null) return;
            foreach (var key in ended) _series.Remove(key);
            ForgetNames();
        }
    }

    private void Write(
        Collection collection, EncodedResource resource, DurationHistogram histogram, ulong since, string? name, string error)
    {
        if (histogram.Count == 0) return;
        collection.Writer.BeginResource(resource.Bytes);
        collection.Writer.BeginScope(scope);
        collection.Writer.BeginMetric(Metrics.DnsLookupDuration);
        ulong start = Math.Min(collection.IsDelta ? collection.Previous : since, collection.Now);
        PointWriter point = collection.Writer.ExponentialHistogramPoint(start, collection.Now, histogram.Point());
        if (name is null) point.Attribute(Keys.OtelMetricOverflow, true);
        else if (maximumNames > 0) point.Attribute(Keys.DnsQuestionName, name);
        if (error.Length > 0) point.Attribute(Keys.ErrorType, error);
        point.End();
        if (collection.IsDelta) histogram.Clear();
    }

    private string NameOf(ReadOnlySpan<byte> name) =>
        maximumNames == 0 ? "" : Interned(_names, name[..Math.Min(name.Length, MaximumNameLength)], maximumNames);

    /// <summary>The string for a text that was seen before, without making it anew.</summary>
    private static string Interned(Dictionary<string, string> known, ReadOnlySpan<byte> utf8, int limit)
    {
        Span<char> text = stackalloc char[MaximumNameLength];
        int length = Encoding.UTF8.GetChars(utf8, text);
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text[..length], out string? found)) return found;
        if (known.Count >= limit) return OtherName;
        string made = new(text[..length]);
        known.Add(made, made);
        return made;
    }

    /// <summary>Names that no series has any more make room for others.</summary>
    private void ForgetNames()
    {
        if (_names.Count < maximumNames) return;
        _names.Clear();
        foreach (var key in _series.Keys)
        {
            if (key.Name != OtherName) _names.TryAdd(key.Name, key.Name);
        }
    }
}
