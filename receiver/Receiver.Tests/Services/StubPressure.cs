using EbpfReceiver.Hosting;

namespace EbpfReceiver.Tests.Services;

/// <summary>Memory that is short when a test wants it to be.</summary>
internal sealed class StubPressure : IMemoryPressure
{
    public bool IsCritical { get; set; }
}
