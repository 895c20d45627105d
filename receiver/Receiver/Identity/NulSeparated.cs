namespace EbpfReceiver.Identity;

/// <summary>Lists of strings with a NUL after each, as in <c>/proc/PID/cmdline</c> and <c>/proc/PID/environ</c>.</summary>
internal static class NulSeparated
{
    /// <summary>Splits a list; at most <paramref name="limit"/> strings. A last string without its NUL (a list that was cut) counts too.</summary>
    public static string[] Split(ReadOnlySpan<byte> list, int limit)
    {
        if (!list.IsEmpty && list[^1] == 0) list = list[..^1];
        if (list.IsEmpty) return [];
        int count = Math.Min(list.Count((byte)0) + 1, limit);
        var strings = new string[count];
        for (int i = 0; i < count; i++)
        {
            int end = list.IndexOf((byte)0);
            strings[i] = Names.Of(end < 0 ? list : list[..end]);
            list = end < 0 ? [] : list[(end + 1)..];
        }

        return strings;
    }

    /// <summary>Finds the value of <c>NAME=value</c> in an environment.</summary>
    /// <param name="environment">The list.</param>
    /// <param name="assignment">The name with the equals sign, such as <c>OTEL_SERVICE_NAME=</c>.</param>
    /// <param name="value">The value; empty if there is none.</param>
    public static bool TryFind(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> assignment, out ReadOnlySpan<byte> value)
    {
        while (!environment.IsEmpty)
        {
            int end = environment.IndexOf((byte)0);
            ReadOnlySpan<byte> entry = end < 0 ? environment : environment[..end];
            if (entry.StartsWith(assignment))
            {
                value = entry[assignment.Length..];
                return true;
            }

            environment = end < 0 ? [] : environment[(end + 1)..];
        }

        value = [];
        return false;
    }
}
