using EbpfReceiver.Aggregates;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Samples;

/// <summary>A span for each lookup, and an observation of its duration.</summary>
/// <param name="identity">Which processes there are.</param>
/// <param name="spans">Takes the spans; null: only durations are kept.</param>
/// <param name="scope">The scope of these spans among the batcher's.</param>
/// <param name="durations">Takes the durations.</param>
/// <param name="clock">Turns times into wall time.</param>
internal sealed class DnsLookupDecoder(
    IdentityTable identity,
    ItemBatcher<ItemOwner>? spans,
    int scope,
    DnsLookupDurations durations,
    KernelClock clock) : SampleDecoder
{
    private readonly SpanIds _ids = new();

    /// <inheritdoc/>
    public override SampleOutcome Decode(ReadOnlySpan<byte> sample)
    {
        if (!Has<DnsLookup>(sample)) return SampleOutcome.Undecodable;
        ref readonly DnsLookup lookup = ref As<DnsLookup>(sample);
        ReadOnlySpan<byte> tail = Tail<DnsLookup>(sample);
        if (!TryTake(ref tail, lookup.NameLength, out ReadOnlySpan<byte> name)) return SampleOutcome.Undecodable;
        ReadOnlySpan<byte> comm = lookup.Header.Comm;
        ItemOwner key = identity.KeyOf(
            (int)lookup.Header.Process.Pid, lookup.Header.Process.StartTime, lookup.Header.Time, comm, lookup.Header.Uid, out bool observed);
        if (!observed) return SampleOutcome.Excluded;
        durations.Observe(key, name, ErrorOf(lookup), Math.Max(lookup.Header.Time, lookup.StartTime) - lookup.StartTime);
        if (spans is not null) Write(key, lookup, name);
        return SampleOutcome.Delivered;
    }

    /// <summary>error.type of a lookup; empty if it was answered.</summary>
    private static ReadOnlySpan<byte> ErrorOf(in DnsLookup lookup)
    {
        if (lookup.Result == 0) return [];
        return (DnsFunction)lookup.Function == DnsFunction.Getaddrinfo ? ErrorNames.OfGetaddrinfo(lookup.Result) : "_OTHER"u8;
    }

    private void Write(ItemOwner key, in DnsLookup lookup, ReadOnlySpan<byte> name)
    {
        Span<byte> id = stackalloc byte[16];
        SpanWriter span = spans!.BeginSpan(key, scope);
        _ids.Next(id);
        span.TraceId(id);
        _ids.Next(id[..8]);
        span.SpanId(id[..8]);
        span.Name(Spans.DnsLookup);
        span.Kind(SpanKind.Client);
        (ulong start, ulong end) = clock.ToUnix(lookup.StartTime, lookup.Header.Time);
        span.Times(start, end);
        span.Attribute(Keys.DnsQuestionName, name);
        span.Attribute(
            Keys.LinuxDnsFunction, (DnsFunction)lookup.Function == DnsFunction.Getaddrinfo ? "getaddrinfo"u8 : "gethostbyname"u8);
        ReadOnlySpan<byte> error = ErrorOf(lookup);
        if (!error.IsEmpty)
        {
            span.Attribute(Keys.ErrorType, error);
            span.Status(StatusCode.Error, error);
        }

        span.End();
    }
}
