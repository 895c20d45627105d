namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>static_map</c>: what a table says for a value, compared as a number where the table's entry is one, else as text.</summary>
internal sealed class StaticMapDecoder : Decoder
{
    private readonly Dictionary<long, string> _numbers = [];
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly string? _default;

    /// <param name="spec">The table, and what stands for all other values.</param>
    public StaticMapDecoder(DecoderSpec spec)
    {
        _default = spec.Default;
        foreach ((string from, string to) in spec.Map)
        {
            if (DecodedValue.Of(from).TryGetNumber(out long number)) _numbers[number] = to;
            _texts[from] = to;
        }
    }

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (value.Kind != DecodedKind.Text && value.Kind != DecodedKind.Bytes && value.TryGetNumber(out long number))
        {
            if (_numbers.TryGetValue(number, out string? named)) return DecodedValue.Of(named);
            if (value.Kind == DecodedKind.Boolean && _texts.TryGetValue(number != 0 ? "true" : "false", out named)) return DecodedValue.Of(named);
        }

        if (_texts.TryGetValue(value.ToString(), out string? text)) return DecodedValue.Of(text);
        if (value.Kind == DecodedKind.Bytes && value.TryGetNumber(out number) && _numbers.TryGetValue(number, out text)) return DecodedValue.Of(text);
        return DecodedValue.Of(_default ?? value.ToString());
    }
}
