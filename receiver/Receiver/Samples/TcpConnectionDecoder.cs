using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Samples;

/// <summary>A span for each connection that ended.</summary>
/// <param name="identity">Which processes there are.</param>
/// <param name="spans">Takes the spans.</param>
/// <param name="scope">The scope of these spans among the batcher's.</param>
/// <param name="clock">Turns times into wall time.</param>
internal sealed class TcpConnectionDecoder(IdentityTable identity, ItemBatcher<ItemOwner> spans, int scope, KernelClock clock)
    : SampleDecoder
{
    private const double MicrosecondsPerSecond = 1e6;

    private readonly SpanIds _ids = new();
    private ulong _since;

    /// <summary>When the probe was attached; ns, CLOCK_MONOTONIC: connections older than it are seen from then.</summary>
    public ulong Since
    {
        get => Volatile.Read(ref _since);
        set => Volatile.Write(ref _since, value);
    }

    /// <inheritdoc/>
    public override SampleOutcome Decode(ReadOnlySpan<byte> sample)
    {
        if (!Has<TcpConnection>(sample)) return SampleOutcome.Undecodable;
        ref readonly TcpConnection tcp = ref As<TcpConnection>(sample);
        if (tcp.Family is not (AddressText.Ipv4 or AddressText.Ipv6)) return SampleOutcome.Undecodable;
        ReadOnlySpan<byte> comm = tcp.Header.Comm;
        ItemOwner key = identity.KeyOf(
            (int)tcp.Header.Process.Pid, tcp.Header.Process.StartTime, tcp.Header.Time, comm, tcp.Header.Uid, out bool observed);
        if (!observed) return SampleOutcome.Excluded;
        Write(key, tcp);
        return SampleOutcome.Delivered;
    }

    private void Write(ItemOwner key, in TcpConnection tcp)
    {
        Span<byte> id = stackalloc byte[16];
        SpanWriter span = spans.BeginSpan(key, scope);
        _ids.Next(id);
        span.TraceId(id);
        _ids.Next(id[..8]);
        span.SpanId(id[..8]);
        WriteShape(span, tcp);
        ulong begin = tcp.StartTime != 0 ? tcp.StartTime : Math.Min(Since, tcp.EndTime);
        (ulong start, ulong end) = clock.ToUnix(begin, tcp.EndTime);
        span.Times(start, end);
        span.Attribute(Keys.LinuxTcpBytesSent, tcp.BytesSent);
        span.Attribute(Keys.LinuxTcpBytesReceived, tcp.BytesReceived);
        span.Attribute(Keys.LinuxTcpRetransmits, (long)tcp.Retransmits);
        if (tcp.Rtt > 0) span.Attribute(Keys.LinuxTcpRtt, tcp.Rtt / MicrosecondsPerSecond);
        if ((tcp.Flags & (int)TcpFlags.ResetReceived) != 0) span.Attribute(Keys.LinuxTcpReset, "received"u8);
        else if ((tcp.Flags & (int)TcpFlags.ResetSent) != 0) span.Attribute(Keys.LinuxTcpReset, "sent"u8);
        if (tcp.Error != 0)
        {
            ReadOnlySpan<byte> error = ErrorNames.OfErrno(tcp.Error);
            span.Attribute(Keys.ErrorType, error);
            span.Status(StatusCode.Error, error);
        }

        span.End();
    }

    /// <summary>Name, kind and the two ends: who is the server depends on the side that is looked at.</summary>
    private static void WriteShape(SpanWriter span, in TcpConnection tcp)
    {
        Span<byte> localText = stackalloc byte[AddressText.MaximumLength];
        Span<byte> peerText = stackalloc byte[AddressText.MaximumLength];
        ReadOnlySpan<byte> localBytes = tcp.LocalAddress;
        ReadOnlySpan<byte> peerBytes = tcp.PeerAddress;
        ReadOnlySpan<byte> local = AddressText.Write(tcp.Family, localBytes, localText);
        ReadOnlySpan<byte> peer = AddressText.Write(tcp.Family, peerBytes, peerText);
        span.Attribute(Keys.NetworkTransport, "tcp"u8);
        span.Attribute(Keys.NetworkType, tcp.Family == AddressText.Ipv6 ? "ipv6"u8 : "ipv4"u8);
        span.Attribute(Keys.NetworkLocalAddress, local);
        span.Attribute(Keys.NetworkLocalPort, (long)tcp.LocalPort);
        span.Attribute(Keys.NetworkPeerAddress, peer);
        span.Attribute(Keys.NetworkPeerPort, (long)tcp.PeerPort);
        switch ((TcpRole)tcp.Role)
        {
            case TcpRole.Client:
                span.Name(Spans.TcpConnect);
                span.Kind(SpanKind.Client);
                span.Attribute(Keys.ServerAddress, peer);
                span.Attribute(Keys.ServerPort, (long)tcp.PeerPort);
                break;
            case TcpRole.Server:
                span.Name(Spans.TcpAccept);
                span.Kind(SpanKind.Server);
                span.Attribute(Keys.ServerAddress, local);
                span.Attribute(Keys.ServerPort, (long)tcp.LocalPort);
                span.Attribute(Keys.ClientAddress, peer);
                span.Attribute(Keys.ClientPort, (long)tcp.PeerPort);
                break;
            default:
                span.Name(Spans.TcpConnection);
                span.Kind(SpanKind.Internal);
                break;
        }
    }
}
