using System.Globalization;

namespace EbpfReceiver.Aggregates;

/// <summary>Names of block devices by their number, from sysfs; <c>major:minor</c> for what is gone.</summary>
/// <param name="directory">Where <c>major:minor</c> are links to devices.</param>
internal sealed class DeviceNames(string directory = "/sys/dev/block")
{
    private const int MinorBits = 20;
    private const int MaximumKept = 4096;

    private readonly Dictionary<uint, string> _names = [];

    /// <summary>The name of a device.</summary>
    /// <param name="device">The kernel's dev_t: major &lt;&lt; 20 | minor.</param>
    public string Of(uint device)
    {
        if (_names.TryGetValue(device, out string? name)) return name;
        string number = string.Create(CultureInfo.InvariantCulture, $"{device >> MinorBits}:{device & ((1 << MinorBits) - 1)}");
        name = NameOf(Path.Combine(directory, number)) ?? number;
        if (_names.Count >= MaximumKept) _names.Clear();
        _names[device] = name;
        return name;
    }

    private static string? NameOf(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false) is { } target ? Path.GetFileName(target.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
