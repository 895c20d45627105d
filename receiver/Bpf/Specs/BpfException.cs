namespace EbpfReceiver.Bpf;

/// <summary>Something about a BPF object, map, program or link did not work; the message is a sentence for the user.</summary>
public class BpfException : Exception
{
    /// <summary>Makes an exception from a sentence that says what was being done and why it failed.</summary>
    public BpfException(string message) : base(message)
    {
    }

    /// <summary>Makes an exception from a sentence and the failure behind it.</summary>
    public BpfException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
