using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>The version of the running kernel as KERNEL_VERSION() counts it.</summary>
internal static class KernelVersion
{
    /// <summary>
    /// Major, minor and patch in one number. Distributions put another name in the release; Ubuntu tells its version in a file of
    /// its own, Debian behind the time of the build.
    /// </summary>
    internal static uint Code()
    {
        if (ReadOrNull("/proc/version_signature") is { } ubuntu && Parse(ubuntu[(ubuntu.TrimEnd().LastIndexOf(' ') + 1)..]) is { } signed)
            return signed;
        if (ReadOrNull("/proc/sys/kernel/version") is { } debian && debian.IndexOf("Debian ", StringComparison.Ordinal) is >= 0 and var at
            && Parse(debian[(at + 7)..]) is { } packaged)
        {
            return packaged;
        }
        return Parse(Release()) ?? 0;
    }

    /// <summary>What the distribution calls the running kernel, as uname(2); empty if that can't be read.</summary>
    internal static string Release() => (ReadOrNull("/proc/sys/kernel/osrelease") ?? "").Trim();

    /// <summary>The number of a text that begins with "5.10.0"; null if it does not begin so.</summary>
    internal static uint? Parse(string text)
    {
        Span<uint> parts = stackalloc uint[3];
        var count = 0;
        var rest = text.AsSpan().Trim();
        while (count < 3)
        {
            var end = rest.IndexOfAnyExceptInRange('0', '9');
            var digits = end < 0 ? rest : rest[..end];
            if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out parts[count]))
                break;
            count++;
            if (end < 0 || rest[end] != '.')
                break;
            rest = rest[(end + 1)..];
        }
        // The kernel itself stops counting patches at 255.
        return count < 2 ? null : (parts[0] << 16) + (parts[1] << 8) + Math.Min(parts[2], 255);
    }

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
