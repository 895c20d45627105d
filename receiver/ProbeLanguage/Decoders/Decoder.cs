namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Turns a value of the kernel into what a person wants to read. Runs in user space, once for each series. Whatever it is given, it gives
/// something: the kernel's memory may hold anything. Thread-safe.
/// </summary>
internal abstract class Decoder
{
    /// <summary>Whether the same value always means the same; what does not is asked for again after a while.</summary>
    public virtual bool IsConstant => true;

    /// <summary>Whether the meaning depends on <see cref="DecodingContext.Pid"/>.</summary>
    public virtual bool IsByProcess => false;

    /// <summary>Decodes a value.</summary>
    public abstract DecodedValue Decode(in DecodedValue value, DecodingContext context);
}
