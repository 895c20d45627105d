namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// <c>errno</c>: the name of an error, <c>ENOENT</c> for 2 and for -2. What is no error leaves the attribute out, as error.type is left out
/// where nothing failed: zero, and what is too large for an error.
/// </summary>
internal sealed class ErrorNumberDecoder : Decoder
{
    private const string Other = "_OTHER";

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (!value.TryGetNumber(out long number)) return value;
        // A 32-bit result in a 64-bit register: the upper half says nothing.
        if (number is > int.MaxValue and <= uint.MaxValue) number = (int)number;
        if (number is 0 or > ErrorNumberNames.Maximum or < -ErrorNumberNames.Maximum) return DecodedValue.None;
        string? name = ErrorNumberNames.Of(Math.Abs(number));
        if (name is not null) return DecodedValue.Of(name);
        return number < 0 ? DecodedValue.Of(Other) : DecodedValue.None;
    }
}
