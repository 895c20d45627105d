namespace EbpfReceiver.Tests.Hosting;

/// <summary>Tests that run while no other test of the process does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
