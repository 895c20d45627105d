using System.Runtime.InteropServices;
using System.Text;
using EbpfReceiver.Bpf;
using EbpfReceiver.Hosting;

namespace EbpfReceiver.Samples;

/// <summary>
/// Accounts for every sample: what the kernel side was to send is what the router used plus what was dropped, by stage and cause. It
/// adds up once the buffers are drained.
/// </summary>
/// <param name="router">What user space did.</param>
/// <param name="counters">The map <c>sample_counters</c>: what the kernel side did.</param>
internal sealed class SampleAccounting(SampleRouter router, BpfMap counters)
{
    private static readonly SampleKind[] Kinds =
        [.. Enum.GetValues<SampleKind>().Where(k => k is not SampleKind.Kinds and not SampleKind.AggregateTls and not SampleKind.AggregateBlock and not SampleKind.AggregateSched)];

    private static readonly SampleKind[] Aggregates = [SampleKind.AggregateTls, SampleKind.AggregateBlock, SampleKind.AggregateSched];

    /// <summary>The kind of samples that have none.</summary>
    private const string Unknown = "unknown";

    private readonly byte[] _entry = new byte[counters.EntryBytes];

    /// <summary>
    /// Samples by kind, with all causes of loss, also those that never happened: what counts them sees the first one, too.
    /// </summary>
    public IReadOnlyList<SampleStatistics> Snapshot()
    {
        lock (_entry)
        {
            var result = new List<SampleStatistics>(Kinds.Length + Aggregates.Length);
            foreach (SampleKind kind in Kinds) result.Add(Of(kind));
            foreach (SampleKind kind in Aggregates)
            {
                SampleCounters kernel = Read(kind);
                if (kernel.StateFull + kernel.Overflowed > 0)
                    result.Add(new SampleStatistics(NameOf(kind), 0, 0, [], (long)kernel.StateFull, (long)kernel.Overflowed));
            }

            // What they are is not known, so they miss among those of their kind that were produced.
            result.Add(new SampleStatistics(Unknown, 0, 0, [new DropStatistics("router", "unclassified", router.Unclassified)], 0, 0));

            return result;
        }
    }

    /// <summary><c>TcpConnection</c> is <c>tcp_connection</c>, as in the kernel side's header.</summary>
    internal static string NameOf(SampleKind kind)
    {
        string name = kind.ToString();
        var text = new StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private SampleStatistics Of(SampleKind kind)
    {
        // User space first: what arrives between the two readings is then missing there, and not counted as delivered before it was made.
        long delivered = router.Count(kind, SampleOutcome.Delivered);
        long undecodable = router.Count(kind, SampleOutcome.Undecodable);
        long excluded = router.Count(kind, SampleOutcome.Excluded);
        long duplicate = router.Count(kind, SampleOutcome.Duplicate);
        SampleCounters kernel = Read(kind);
        DropStatistics[] dropped =
        [
            new("router", "undecodable", undecodable),
            new("router", "excluded", excluded),
            new("router", "duplicate", duplicate),
            new("kernel", "buffer_full", (long)kernel.BufferFull),
            new("kernel", "failed", (long)kernel.Failed),
        ];
        return new SampleStatistics(
            NameOf(kind), (long)kernel.Produced, delivered, dropped, (long)kernel.StateFull, (long)kernel.Overflowed);
    }

    private SampleCounters Read(SampleKind kind)
    {
        uint key = (uint)kind;
        SampleCounters sum = default;
        if (!counters.TryLookup(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key)), _entry)) return sum;
        for (int at = 0; at + counters.ValueSize <= _entry.Length; at += counters.ValueStride)
        {
            ref readonly SampleCounters one = ref MemoryMarshal.AsRef<SampleCounters>(_entry.AsSpan(at));
            sum.Produced += one.Produced;
            sum.BufferFull += one.BufferFull;
            sum.Failed += one.Failed;
            sum.StateFull += one.StateFull;
            sum.Overflowed += one.Overflowed;
        }

        return sum;
    }
}
