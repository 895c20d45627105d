namespace EbpfReceiver.Bpf;

/// <summary>An ELF object or BTF image is malformed, or uses something this loader does not support.</summary>
public sealed class BpfFormatException : BpfException
{
    /// <summary>Makes an exception from a sentence that names the object and the part of it that is wrong.</summary>
    public BpfFormatException(string message) : base(message)
    {
    }

    /// <summary>Makes an exception from a sentence and the failure behind it.</summary>
    public BpfFormatException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
