using System.Runtime.InteropServices;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>Map <c>tls_processes</c>: what each process read and wrote through its TLS library, and its handshakes.</summary>
internal sealed class TlsProcessAggregate(EncodedScope scope, IdentityTable identity)
    : ProcessAggregate("tls_processes", scope, identity, counters: 4, scales: 0)
{
    private static readonly MetricDescriptor[] Descriptors =
    [
        Telemetry.Metrics.LinuxTlsIo,
        Telemetry.Metrics.LinuxTlsErrors,
        Telemetry.Metrics.LinuxTlsHandshakeDuration,
    ];

    /// <inheritdoc/>
    protected override ReadOnlySpan<MetricDescriptor> Metrics => Descriptors;

    /// <inheritdoc/>
    protected override void Merge(ReadOnlySpan<byte> value, int cpu, Series series)
    {
        ref readonly TlsProcessTotals totals = ref MemoryMarshal.AsRef<TlsProcessTotals>(value);
        series.Counters[0] += totals.BytesRead;
        series.Counters[1] += totals.BytesWritten;
        series.Counters[2] += totals.HandshakeErrors;
        series.Counters[3] += totals.IoErrors;
        series.Histograms[0].Add(cpu, totals.HandshakeDuration);
    }

    /// <inheritdoc/>
    protected override void WritePoints(int metric, in Emission emission)
    {
        switch (metric)
        {
            case 0:
                emission.Counter(0, Keys.NetworkIoDirection, "receive"u8);
                emission.Counter(1, Keys.NetworkIoDirection, "transmit"u8);
                break;
            case 1:
                emission.Counter(2, Keys.LinuxTlsOperation, "handshake"u8);
                emission.Counter(3, Keys.LinuxTlsOperation, "io"u8);
                break;
            case 2:
                emission.Histogram(0);
                break;
        }
    }
}
