using System.Globalization;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Privileges;

/// <summary>What one thread of this process may do, as /proc/self/task/TID/status shows it.</summary>
/// <param name="Id">The thread's id.</param>
/// <param name="Capabilities">Every capability that is in its effective, permitted, inheritable or ambient set.</param>
/// <param name="Bounding">What it could ever gain.</param>
internal readonly record struct ThreadPrivileges(int Id, CapabilitySet Capabilities, CapabilitySet Bounding)
{
    private static readonly string[] s_sets = ["CapEff", "CapPrm", "CapInh", "CapAmb"];

    /// <summary>All threads of this process now.</summary>
    public static List<ThreadPrivileges> Read()
    {
        var threads = new List<ThreadPrivileges>();
        foreach (string directory in Directory.EnumerateDirectories("/proc/self/task"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) continue;
            try
            {
                string status = File.ReadAllText($"{directory}/status");
                ulong bits = 0;
                foreach (string set in s_sets) bits |= CapabilitySet.Parse(status, set).Bits;
                threads.Add(new ThreadPrivileges(id, new CapabilitySet(bits), CapabilitySet.Parse(status, "CapBnd")));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or IOException { HResult: NoSuchProcess })
            {
                // It has ended meanwhile.
            }
        }

        return threads;
    }

    /// <summary>ESRCH, which procfs answers between the end of a thread and that of its directory.</summary>
    private const int NoSuchProcess = 3;
}
