namespace EbpfReceiver.ProbeLanguage;

/// <summary>One decoder of a chain; user space applies it once for a series.</summary>
/// <param name="Name">For example <c>majorminor</c>, <c>static_map</c>.</param>
/// <param name="Arguments">For static_map the pairs of value and text, in order; for regexp the pattern under <c>pattern</c>; else empty.</param>
public sealed record DecoderStep(string Name, IReadOnlyList<KeyValuePair<string, string>> Arguments);
