namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>A directory that is gone with the test; in memory where the machine has that, for what is not about the disk.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    private const string Memory = "/dev/shm";

    public string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath(), $"queue-{Guid.NewGuid():N}")).FullName;

    /// <summary>Where the queue of an outlet of this name is.</summary>
    public string Of(string outlet) => System.IO.Path.Combine(Path, outlet);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
