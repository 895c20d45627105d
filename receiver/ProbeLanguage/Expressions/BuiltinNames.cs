using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Names that mean something in every expression.</summary>
internal static class BuiltinNames
{
    /// <summary>Values.</summary>
    public static readonly string[] All =
    [
        "pid", "tgid", "tid", "uid", "gid", "comm", "cpu", "ktime", "nsecs", "cgroup_id", "cgroup", "curtask", "func", "probe", "rand",
    ];

    /// <summary>Functions.</summary>
    public static readonly string[] Functions =
    [
        "ntohs", "ntohl", "htons", "htonl", "startswith", "endswith", "contains", "in", "log2", "min", "max", "sizeof", "str", "kstr", "ustr",
        "as", "ip4", "ip6", "reg", "ksym", "usym", "first", "ns", "us", "ms", "user", "kernel",
    ];

    /// <summary>Whether a name is arg0, arg1, ...</summary>
    public static bool IsArgument(string name) => TryArgument(name, out _);

    /// <summary>The number of arg0, arg1, ...</summary>
    public static bool TryArgument(string name, out int index)
    {
        index = 0;
        return name.Length is > 3 and < 6 && name.StartsWith("arg", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }
}
