using System.Text;
using EbpfReceiver.Probes.Libraries;

namespace EbpfReceiver.Samples;

/// <summary>Libraries that were mapped for the first time go to whoever attaches to libraries.</summary>
/// <param name="mapped">Takes what was mapped.</param>
internal sealed class ImageMappedDecoder(Action<MappedImage> mapped) : SampleDecoder
{
    /// <inheritdoc/>
    public override SampleOutcome Decode(ReadOnlySpan<byte> sample)
    {
        if (!Has<ImageMapped>(sample)) return SampleOutcome.Undecodable;
        ref readonly ImageMapped image = ref As<ImageMapped>(sample);
        ReadOnlySpan<byte> name = image.Name;
        int end = name.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
        mapped(new MappedImage((int)image.Header.Process.Pid, text, image.Inode, image.Device));
        return SampleOutcome.Delivered;
    }
}
