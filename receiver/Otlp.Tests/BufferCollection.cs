namespace EbpfReceiver.Otlp.Tests;

/// <summary>Tests of what is allocated or kept, in a process whose other tests would lend the same buffers meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BufferCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "buffers";
}
