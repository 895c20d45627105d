using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Samples;

/// <summary>
/// Hands each sample to the decoder of its kind and counts what became of it. One thread calls it; the counters may be read by any.
/// </summary>
internal sealed class SampleRouter : ISampleSink
{
    /// <summary>How many kinds there can be.</summary>
    public const int Kinds = (int)SampleKind.Kinds;

    private static readonly int Outcomes = Enum.GetValues<SampleOutcome>().Length;

    private readonly SampleDecoder?[] _decoders = new SampleDecoder?[Kinds];
    private readonly long[] _outcomes = new long[Kinds * Outcomes];
    private readonly Action _drained;
    private long _unclassified;
    private long _lostRecords;

    /// <param name="drained">Called after every pass over the buffers, whether or not there was anything in them.</param>
    public SampleRouter(Action drained) => _drained = drained;

    /// <summary>Samples of a kind that no decoder takes, or too short to have a kind.</summary>
    public long Unclassified => Volatile.Read(ref _unclassified);

    /// <summary>Records that the kernel says it could not write; the kernel side counts the same ones by kind.</summary>
    public long LostRecords => Interlocked.Read(ref _lostRecords);

    /// <summary>Sets the decoder of a kind; samples that arrive from then on go to it.</summary>
    public void Route(SampleKind kind, SampleDecoder decoder) => Volatile.Write(ref _decoders[(int)kind], decoder);

    /// <summary>How many samples of a kind had an outcome.</summary>
    public long Count(SampleKind kind, SampleOutcome outcome) => Volatile.Read(ref _outcomes[Index((int)kind, outcome)]);

    /// <inheritdoc/>
    public void OnSample(int cpu, ReadOnlySpan<byte> sample)
    {
        if (sample.Length < Unsafe.SizeOf<SampleHeader>())
        {
            _unclassified++;
            return;
        }

        int kind = MemoryMarshal.AsRef<SampleHeader>(sample).Kind;
        if ((uint)kind >= Kinds || _decoders[kind] is not { } decoder)
        {
            _unclassified++;
            return;
        }

        _outcomes[Index(kind, decoder.Decode(sample))]++;
    }

    /// <inheritdoc/>
    public void OnLost(int cpu, ulong count) => Interlocked.Add(ref _lostRecords, (long)count);

    /// <inheritdoc/>
    public void OnDrained() => _drained();

    private static int Index(int kind, SampleOutcome outcome) => kind * Outcomes + (int)outcome;
}
