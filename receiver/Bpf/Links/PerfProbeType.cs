using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>The perf event types that make kprobes and uprobes (Linux 4.17), as /sys/bus/event_source/devices describes them.</summary>
/// <param name="Type">perf_event_attr.type.</param>
/// <param name="ReturnBit">Bit of perf_event_attr.config that asks for the return of the function.</param>
/// <param name="SemaphoreShift">
/// Where in perf_event_attr.config the offset of a semaphore goes, up to its highest bit (since 4.20); -1 if nowhere.
/// </param>
internal sealed record PerfProbeType(uint Type, int ReturnBit, int SemaphoreShift)
{
    private static readonly Lazy<PerfProbeType?> KprobeType = new(() => Read("kprobe"));
    private static readonly Lazy<PerfProbeType?> UprobeType = new(() => Read("uprobe"));

    /// <summary>perf_kprobe, or null where the kernel has none.</summary>
    public static PerfProbeType? Kprobe => KprobeType.Value;

    /// <summary>perf_uprobe, or null where the kernel has none.</summary>
    public static PerfProbeType? Uprobe => UprobeType.Value;

    private static PerfProbeType? Read(string name)
    {
        var directory = $"/sys/bus/event_source/devices/{name}";
        try
        {
            var type = uint.Parse(File.ReadAllText($"{directory}/type"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            var returnBit = BitOf($"{directory}/format/retprobe"); // config:0
            var semaphore = File.Exists($"{directory}/format/ref_ctr_offset") ? BitOf($"{directory}/format/ref_ctr_offset") : -1; // config:32-63
            return returnBit < 0 ? null : new PerfProbeType(type, returnBit, semaphore);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static int BitOf(string path)
    {
        var format = File.ReadAllText(path).AsSpan().Trim();
        if (!format.StartsWith("config:", StringComparison.Ordinal))
            return -1;
        var bits = format[7..];
        var dash = bits.IndexOf('-');
        return int.Parse(dash < 0 ? bits : bits[..dash], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
