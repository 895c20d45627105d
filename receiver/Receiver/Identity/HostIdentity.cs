namespace EbpfReceiver.Identity;

/// <summary>What identifies this machine, and this boot of it.</summary>
/// <param name="Name">host.name.</param>
/// <param name="Id">host.id: /etc/machine-id; the boot id where a machine has none.</param>
/// <param name="BootId">Changes with every boot.</param>
internal sealed record HostIdentity(string Name, string Id, string BootId)
{
    /// <summary>Reads it from the running machine.</summary>
    /// <param name="root">A prefix of all paths; empty, but for tests and for a receiver that sees the host's files elsewhere.</param>
    public static HostIdentity Read(string root = "")
    {
        string boot = ReadLine(root + "/proc/sys/kernel/random/boot_id");
        string id = ReadLine(root + "/etc/machine-id");
        if (id.Length == 0) id = ReadLine(root + "/var/lib/dbus/machine-id");
        string name = ReadLine(root + "/proc/sys/kernel/hostname");
        return new HostIdentity(name.Length == 0 ? Environment.MachineName : name, id.Length == 0 ? boot : id, boot);
    }

    private static string ReadLine(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may have none of these files; the callers have something to fall back on.
            return "";
        }
    }
}
