namespace EbpfReceiver.Hosting;

/// <summary>Says how near the process is to its memory limit. Read by any thread, at any rate.</summary>
public interface IMemoryPressure
{
    /// <summary>The limit is reached: what can be refused or left out is, until there is room again.</summary>
    bool IsCritical { get; }
}
