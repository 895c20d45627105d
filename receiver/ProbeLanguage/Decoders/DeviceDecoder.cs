using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// <c>majorminor</c>: the name of a block device by the kernel's number of it (major &lt;&lt; 20 | minor), as sysfs has it; <c>8:0</c> where
/// there is none of that number.
/// </summary>
/// <param name="directory">Where <c>major:minor</c> are links to devices.</param>
internal sealed class DeviceDecoder(string directory = "/sys/dev/block") : Decoder
{
    private const int MinorBits = 20;

    /// <inheritdoc/>
    public override bool IsConstant => false;

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (!value.TryGetNumber(out long number)) return value;
        uint device = (uint)number;
        string text = string.Create(CultureInfo.InvariantCulture, $"{device >> MinorBits}:{device & ((1 << MinorBits) - 1)}");
        return DecodedValue.Of(NameOf(Path.Combine(directory, text)) ?? text);
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
