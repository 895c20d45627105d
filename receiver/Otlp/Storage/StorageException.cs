namespace EbpfReceiver.Otlp;

/// <summary>The directory of a queue can't be used as it is, and waiting would not change that.</summary>
public sealed class StorageException : Exception
{
    /// <param name="message">What is wrong.</param>
    /// <param name="remedy">What the user can do about it, a sentence.</param>
    public StorageException(string message, string remedy)
        : base(message) => Remedy = remedy;

    /// <summary>What the user can do about it, a sentence.</summary>
    public string Remedy { get; }
}
