namespace EbpfReceiver.ProbeLanguage;

/// <summary>Perf events by the names that <c>perf list</c> gives them.</summary>
public static class PerfEventNames
{
    // Type and config: PERF_TYPE_HARDWARE is 0, PERF_TYPE_SOFTWARE is 1 (include/uapi/linux/perf_event.h).
    private static readonly Dictionary<string, (uint Type, ulong Config, ulong Period)> Events = new(StringComparer.Ordinal)
    {
        ["cpu-cycles"] = (0, 0, 1_000_000),
        ["instructions"] = (0, 1, 1_000_000),
        ["cache-references"] = (0, 2, 1_000_000),
        ["cache-misses"] = (0, 3, 1_000_000),
        ["branch-instructions"] = (0, 4, 100_000),
        ["branch-misses"] = (0, 5, 100_000),
        ["bus-cycles"] = (0, 6, 100_000),
        ["stalled-cycles-frontend"] = (0, 7, 1_000_000),
        ["stalled-cycles-backend"] = (0, 8, 1_000_000),
        ["ref-cycles"] = (0, 9, 1_000_000),
        ["cpu-clock"] = (1, 0, 10_000_000),
        ["task-clock"] = (1, 1, 10_000_000),
        ["page-faults"] = (1, 2, 100),
        ["context-switches"] = (1, 3, 1000),
        ["cpu-migrations"] = (1, 4, 1),
        ["minor-faults"] = (1, 5, 100),
        ["major-faults"] = (1, 6, 1),
        ["alignment-faults"] = (1, 7, 1),
        ["emulation-faults"] = (1, 8, 1),
    };

    /// <summary>The names.</summary>
    public static IEnumerable<string> All => Events.Keys;

    /// <summary>The name for one of perf's other names, as cycles and faults.</summary>
    public static string Canonical(string name) => name switch
    {
        "cycles" => "cpu-cycles",
        "branches" => "branch-instructions",
        "faults" => "page-faults",
        "cs" => "context-switches",
        "migrations" => "cpu-migrations",
        "cpu" => "cpu-clock",
        _ => name,
    };

    /// <summary>Whether the name is one of <see cref="All"/>.</summary>
    public static bool IsKnown(string name) => Events.ContainsKey(name);

    /// <summary>Events between two samples where none was written.</summary>
    public static ulong DefaultPeriod(string name) => Events[name].Period;

    /// <summary>Type and config of <c>struct perf_event_attr</c>.</summary>
    public static (uint Type, ulong Config) AttributesOf(string name) => (Events[name].Type, Events[name].Config);
}
