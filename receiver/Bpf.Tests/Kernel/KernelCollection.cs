using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>Tests that use the kernel: one after the other, since they count what the whole process does and leaves open.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KernelCollection
{
    public const string Name = "Kernel";
}
