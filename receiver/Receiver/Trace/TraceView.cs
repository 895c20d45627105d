using System.Globalization;
using EbpfReceiver.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EbpfReceiver.Trace;

/// <summary>The tables as they grow, redrawn in place. Events scroll by above them.</summary>
/// <param name="console">The terminal.</param>
internal sealed class TraceView(IAnsiConsole console)
{
    private const int EventsKept = 12;

    private readonly Lock _gate = new();
    private readonly Queue<string> _events = new();

    /// <summary>Draws until it is over.</summary>
    /// <param name="read">Gives the tables; called about once a second.</param>
    /// <param name="over">Ends it.</param>
    public Task RunAsync(Func<IReadOnlyList<TraceProbe>> read, CancellationToken over) =>
        console.Live(new Text("Waiting for the first values…")).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(async context =>
        {
            while (!over.IsCancellationRequested)
            {
                context.UpdateTarget(Picture(read()));
                try
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), over).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    // Time is over, or Ctrl-C: the caller prints what there is.
                }
            }
        });

    /// <summary>Shows an event.</summary>
    public void Show(TraceEvent item)
    {
        lock (_gate)
        {
            _events.Enqueue(Line(item));
            while (_events.Count > EventsKept) _events.Dequeue();
        }
    }

    /// <summary>An event in one line.</summary>
    public static string Line(TraceEvent item)
    {
        DateTime time = DateTime.UnixEpoch.AddTicks((long)(item.Time / 100)).ToLocalTime();
        string duration = item.Kind == "span" ? $" {Quantity.Seconds(item.Duration / 1e9)}" : "";
        string attributes = string.Join(" ", item.Attributes.Select(a => $"{a.Key}={a.Value}"));
        string text = item.Body.Length > 0 ? item.Body : item.Name;
        string process = item.Pid > 0 ? $"[{item.Pid}] " : "";
        string line = $"{time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture)} {process}{text}{duration}  {attributes}";
        return TerminalText.Clean(line.TrimEnd(), 400);
    }

    private IRenderable Picture(IReadOnlyList<TraceProbe> probes)
    {
        int rows = Math.Max(3, console.Profile.Height / Math.Max(1, probes.Sum(p => p.Maps.Count)) - 4);
        bool anyHistogram = probes.Any(p => p.Maps.Any(m => m.IsHistogram));
        var text = new TraceText(anyHistogram ? Math.Max(1, rows / 12) : rows);
        var lines = new List<IRenderable>();
        lock (_gate)
        {
            foreach (string line in _events) lines.Add(new Text(line, new Style(Color.Grey)));
        }

        foreach (TraceProbe probe in probes)
        {
            foreach (string line in text.Lines(probe)) lines.Add(new Text(line, StyleOf(line)));
        }

        return new Rows(lines);
    }

    private static Style StyleOf(string line) => line switch
    {
        ['@', ..] => new Style(Color.Aqua),
        [' ', ' ', '[' or '(', ..] => new Style(Color.Green),
        _ => Style.Plain,
    };
}
