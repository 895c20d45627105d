using EbpfReceiver.Identity;

namespace EbpfReceiver.Services.Listeners;

/// <summary>The user that the receiver runs as.</summary>
internal static class OwnUser
{
    /// <summary>Its id; that of root where the kernel does not tell.</summary>
    public static uint Id { get; } = ProcStatus.TryReadUid(File.ReadAllBytes("/proc/self/status"), out uint uid) ? uid : 0;
}
