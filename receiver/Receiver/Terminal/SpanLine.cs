using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Terminal;

/// <summary>A span in words.</summary>
internal static class SpanLine
{
    public static EventLine Of(Span span, in ResourceName owner)
    {
        var attributes = new AttributeReader(span.Attributes);
        var details = new List<string>(4);
        bool failed = span.Status?.Code == Status.Types.StatusCode.Error;
        string duration = span.EndTimeUnixNano >= span.StartTimeUnixNano
            ? Quantity.Seconds((span.EndTimeUnixNano - span.StartTimeUnixNano) / 1e9)
            : "";
        string kind = TerminalText.Clean(span.Name, 80);
        string subject = "";
        switch (span.Name)
        {
            case "tcp connect" or "tcp accept" or "tcp connection":
                subject = Tcp(span.Name, attributes, details);
                break;
            case "dns lookup":
                (kind, subject) = ("dns", attributes.Text("dns.question.name"));
                break;
            default:
                subject = span.Kind == Span.Types.SpanKind.Internal ? "" : span.Kind.ToString().ToLowerInvariant();
                break;
        }

        if (failed)
        {
            string error = attributes.Text("error.type");
            if (error.Length == 0)
                error = TerminalText.Clean(span.Status!.Message);
            details.Insert(0, error.Length == 0 ? "failed" : $"failed: {error}");
        }

        if (duration.Length > 0)
            details.Add(duration);
        return new EventLine(LogLine.At(span.EndTimeUnixNano), owner.Process, owner.Pid, owner.Container, kind, subject, details, failed);
    }

    private static string Tcp(string name, AttributeReader attributes, List<string> details)
    {
        string peer = Address(attributes.Text("network.peer.address"), attributes.Number("network.peer.port"));
        string local = Address(attributes.Text("network.local.address"), attributes.Number("network.local.port"));
        double sent = attributes.Number("linux.tcp.bytes_sent");
        double received = attributes.Number("linux.tcp.bytes_received");
        if (sent + received > 0)
            details.Add($"sent {Quantity.Bytes(sent)}, received {Quantity.Bytes(received)}");
        if (attributes.Number("linux.tcp.rtt") is > 0 and var rtt)
            details.Add($"rtt {Quantity.Seconds(rtt)}");
        if (attributes.Number("linux.tcp.retransmits") is > 0 and var retransmits)
            details.Add($"{Quantity.Count(retransmits)} retransmitted");
        if (attributes.Text("linux.tcp.reset") is { Length: > 0 } reset)
            details.Add($"reset {reset}");
        return name == "tcp connect" ? peer : $"{peer} -> {local}";
    }

    private static string Address(string address, double port) => address.Contains(':') ? $"[{address}]:{port}" : $"{address}:{port}";
}
