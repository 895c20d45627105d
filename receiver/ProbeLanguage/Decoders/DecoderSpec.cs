namespace EbpfReceiver.ProbeLanguage;

/// <summary>A decoder as a probe file names it.</summary>
/// <param name="Name">One of <see cref="Decoders.Names"/>.</param>
public sealed record DecoderSpec(string Name)
{
    /// <summary>For <c>static_map</c>: what stands for a value; numbers are written in decimal or after 0x.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>For <c>static_map</c>: what stands for a value that is not in the map; null: the value itself.</summary>
    public string? Default { get; init; }

    /// <summary>For <c>regexp</c>: patterns, of which the first that matches is taken.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];
}
