using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>The CPU lists of sysfs, <c>0-3,8</c> (Documentation/admin-guide/cputopology.rst).</summary>
internal static class CpuList
{
    /// <summary>More than any kernel is built for (NR_CPUS is at most 8192).</summary>
    private const int Limit = 65536;

    /// <summary>CPUs that are running.</summary>
    public static int[] Online() => Parse(File.ReadAllText("/sys/devices/system/cpu/online"));

    /// <summary>CPUs that may ever run, for which the kernel keeps per-CPU values.</summary>
    public static int[] Possible() => Parse(File.ReadAllText("/sys/devices/system/cpu/possible"));

    /// <summary>Reads a list.</summary>
    /// <exception cref="BpfFormatException">It is not one, or names no CPU.</exception>
    public static int[] Parse(string text)
    {
        var cpus = new List<int>();
        foreach (var range in text.AsSpan().Trim().ToString().Split(','))
        {
            var dash = range.IndexOf('-');
            var first = Number(dash < 0 ? range : range[..dash], text);
            var last = dash < 0 ? first : Number(range[(dash + 1)..], text);
            if (last < first)
                throw Malformed(text);
            for (var cpu = first; cpu <= last; cpu++)
                cpus.Add(cpu);
        }

        return [.. cpus];
    }

    private static int Number(string digits, string text)
        => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var cpu) && cpu < Limit ? cpu : throw Malformed(text);

    private static BpfFormatException Malformed(string text) => new($"'{text.Trim()}' is not a list of CPUs such as 0-3,8.");
}
