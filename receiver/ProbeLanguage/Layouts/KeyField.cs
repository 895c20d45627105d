namespace EbpfReceiver.ProbeLanguage;

/// <summary>An attribute in the key of a map or in a sample.</summary>
/// <param name="Attribute">Name, type and decoders.</param>
/// <param name="Offset">Bytes from the start of the key or of the sample.</param>
public sealed record KeyField(BoundAttribute Attribute, int Offset)
{
    /// <summary>Bytes of the value.</summary>
    public int Size => Attribute.Type.Size;
}
