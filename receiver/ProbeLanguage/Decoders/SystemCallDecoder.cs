namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>syscall</c>: the name of a system call of this architecture; the number where it has none.</summary>
internal sealed class SystemCallDecoder : Decoder
{
    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context) =>
        value.TryGetNumber(out long number) && SystemCallNames.Of(number) is { } name ? DecodedValue.Of(name) : DecodedValue.Of(value.ToString());
}
