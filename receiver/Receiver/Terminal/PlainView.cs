using System.Globalization;

namespace EbpfReceiver.Terminal;

/// <summary>Lines for pipes and logs: one an event, and a few for a summary.</summary>
internal sealed class PlainView(TextWriter output) : IConsoleView
{
    public void Write(EventLine line)
    {
        output.Write(line.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(line.Owner.PadRight(22));
        output.Write(' ');
        output.Write(line.Kind);
        Append(line.Subject, " ");
        foreach (string detail in line.Details)
            Append(detail, "  ");
        output.Write('\n');
    }

    public void WriteHidden(long count) => output.Write($"… {Quantity.Count(count)} more events\n");

    public void Write(ShownSummary summary)
    {
        output.Write($"-- {summary.Time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} last {Quantity.Seconds(summary.Interval.TotalSeconds)}\n");
        double seconds = summary.Interval.TotalSeconds;
        foreach ((string name, LatencyDistribution values) in summary.Latencies)
        {
            output.Write(
                $"   {name,-16} {Quantity.Rate(values.Count / seconds),10}  p50 {Quantity.Seconds(values.Quantile(0.5)),8}  "
                + $"p99 {Quantity.Seconds(values.Quantile(0.99)),8}  max {Quantity.Seconds(values.Maximum),8}\n");
        }

        foreach (ProcessActivity process in summary.Processes)
        {
            output.Write($"   {process.Name,-32} cpu {Quantity.Percent(process.CpuTime / seconds),6}");
            if (process.RunQueue.Count > 0)
                output.Write($"  run queue p99 {Quantity.Seconds(process.RunQueue.Quantile(0.99)),8}");
            if (process.NetworkSent + process.NetworkReceived > 0)
                output.Write($"  net {Quantity.Bytes(process.NetworkSent)} out, {Quantity.Bytes(process.NetworkReceived)} in");
            if (process.TlsSent + process.TlsReceived > 0)
                output.Write($"  tls {Quantity.Bytes(process.TlsSent)} out, {Quantity.Bytes(process.TlsReceived)} in");
            output.Write('\n');
        }

        if (summary.OtherProcesses > 0)
            output.Write($"   … {summary.OtherProcesses} more processes\n");
        foreach (string counters in summary.Counters)
            output.Write($"   {counters}\n");
        foreach (string metric in summary.Declared)
            output.Write($"   {metric}\n");
        foreach (string loss in summary.Losses)
            output.Write($"   lost: {loss}\n");
    }

    public void Flush() => output.Flush();

    private void Append(string text, string before)
    {
        if (text.Length == 0)
            return;
        output.Write(before);
        output.Write(text);
    }
}
