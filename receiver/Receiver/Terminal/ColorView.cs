using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EbpfReceiver.Terminal;

/// <summary>Coloured lines and tables for a terminal.</summary>
internal sealed class ColorView : IConsoleView
{
    private const string Reset = "\e[0m", Dim = "\e[2m", Bold = "\e[1m", Red = "\e[31m";
    private const string Blocks = "▁▂▃▄▅▆▇█";

    private readonly TextWriter _output;
    private readonly IAnsiConsole _console;

    /// <param name="output">Takes text with ANSI sequences.</param>
    /// <param name="width">Columns of the terminal; null: what it says itself.</param>
    public ColorView(TextWriter output, int? width = null)
    {
        _output = output;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        if (width is { } columns)
            _console.Profile.Width = columns;
    }

    public void Write(EventLine line)
    {
        _output.Write(Dim);
        _output.Write(line.Time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        _output.Write(Reset);
        _output.Write(' ');
        _output.Write(line.Owner.PadRight(22));
        _output.Write(' ');
        _output.Write(line.Failed ? Red : ColorOf(line.Kind));
        _output.Write(line.Kind);
        _output.Write(Reset);
        if (line.Subject.Length > 0)
        {
            _output.Write(' ');
            _output.Write(Bold);
            _output.Write(line.Subject);
            _output.Write(Reset);
        }

        foreach (string detail in line.Details)
        {
            bool failure = line.Failed && detail.StartsWith("failed", StringComparison.Ordinal);
            _output.Write("  ");
            _output.Write(failure ? Red : Dim);
            _output.Write(detail);
            _output.Write(Reset);
        }

        _output.Write('\n');
    }

    public void WriteHidden(long count) => _output.Write($"{Dim}… {Quantity.Count(count)} more events{Reset}\n");

    public void Write(ShownSummary summary)
    {
        string title = $"{summary.Time.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} · last {Quantity.Seconds(summary.Interval.TotalSeconds)}";
        _console.Write(new Rule(title) { Justification = Justify.Left, Style = new Style(Color.Blue) });
        var tables = new List<IRenderable>();
        if (summary.Latencies.Count > 0)
            tables.Add(Latencies(summary));
        if (summary.Processes.Count > 0)
            tables.Add(Processes(summary));
        foreach (IRenderable table in tables)
            _console.Write(table);
        foreach (string counters in summary.Counters)
            _output.Write($"  {counters}\n");
        foreach (string metric in summary.Declared)
            _output.Write($"  {metric}\n");
        foreach (string loss in summary.Losses)
            _output.Write($"  {Red}lost: {loss}{Reset}\n");
    }

    public void Flush() => _output.Flush();

    private static Grid Latencies(ShownSummary summary)
    {
        Grid table = Empty(["latency", "rate", "p50", "p99", "max", "distribution"], leftAligned: 5);
        foreach ((string name, LatencyDistribution values) in summary.Latencies)
        {
            table.AddRow(
                new Text(name),
                new Text(Quantity.Rate(values.Count / summary.Interval.TotalSeconds)),
                new Text(Quantity.Seconds(values.Quantile(0.5))),
                new Text(Quantity.Seconds(values.Quantile(0.99)), new Style(Color.Yellow)),
                new Text(Quantity.Seconds(values.Maximum)),
                new Text(Distribution(values), new Style(Color.Green)));
        }

        return table;
    }

    private static Grid Processes(ShownSummary summary)
    {
        double seconds = summary.Interval.TotalSeconds;
        double most = summary.Processes.Max(p => p.CpuTime);
        Grid table = Empty(["process", "cpu", "", "run queue p99", "net out", "net in", "tls out", "tls in"], leftAligned: 2);
        foreach (ProcessActivity process in summary.Processes)
        {
            int bar = most > 0 ? Math.Clamp((int)Math.Round(process.CpuTime / most * 12), 0, 12) : 0;
            table.AddRow(
                new Text(process.Name.ToString()),
                new Text(Quantity.Percent(process.CpuTime / seconds)),
                new Text(new string('█', bar), new Style(Color.Blue)),
                new Text(process.RunQueue.Count > 0 ? Quantity.Seconds(process.RunQueue.Quantile(0.99)) : ""),
                Amount(process.NetworkSent),
                Amount(process.NetworkReceived),
                Amount(process.TlsSent),
                Amount(process.TlsReceived));
        }

        if (summary.OtherProcesses > 0)
            table.AddRow([new Text($"… {summary.OtherProcesses} more", new Style(decoration: Decoration.Dim))]);
        return table;
    }

    private static Text Amount(double bytes) => new(bytes > 0 ? Quantity.Bytes(bytes) : "");

    // A grid, because a table without a border leaves out the padding of its columns.
    private static Grid Empty(string[] columns, int leftAligned)
    {
        var grid = new Grid();
        for (int i = 0; i < columns.Length; i++)
        {
            var column = new GridColumn { NoWrap = true, Padding = new Padding(2, 0, 0, 0) };
            grid.AddColumn(i == 0 || i == leftAligned ? column.LeftAligned() : column.RightAligned());
        }

        return grid.AddRow([.. columns.Select(name => (IRenderable)new Text(name, new Style(decoration: Decoration.Dim)))]);
    }

    /// <summary>A bar for each power of two, with the bounds of the lowest and the highest.</summary>
    private static string Distribution(LatencyDistribution values)
    {
        (int first, double[] counts) = values.Octaves();
        if (counts.Length == 0)
            return "";
        double most = counts.Max();
        string bars = string.Concat(counts.Select(c => c == 0 ? ' ' : Blocks[(int)Math.Ceiling(c / most * Blocks.Length) - 1]));
        return $"{Quantity.Seconds(Math.Pow(2, first))} {bars} {Quantity.Seconds(Math.Pow(2, first + counts.Length))}";
    }

    private static string ColorOf(string kind) => kind switch
    {
        "exec" => "\e[32m",
        "exit" => "\e[90m",
        "dns" => "\e[35m",
        _ when kind.StartsWith("tcp", StringComparison.Ordinal) => "\e[36m",
        _ => "\e[34m",
    };
}
