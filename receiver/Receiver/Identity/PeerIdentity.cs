using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace EbpfReceiver.Identity;

/// <summary>Finds the process at the other end of a local connection: endpoint to socket inode, inode to the process that holds it.</summary>
/// <param name="files">Where processes are read.</param>
/// <param name="identity">What is known of them.</param>
internal sealed class PeerIdentity(ProcFiles files, IdentityTable identity) : IPeerIdentity
{
    /// <summary>A connection keeps its owner, but a port may be used again; requests of one exporter come seconds apart.</summary>
    private const long FreshMilliseconds = 30_000;

    private const int MaximumKept = 1024;

    private static readonly string[] s_tables = ["tcp", "tcp6"];

    private readonly ConcurrentDictionary<IPEndPoint, (int Pid, long At)> _found = new();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ResourceAttributesOf(IPEndPoint peer)
    {
        long now = Environment.TickCount64;
        if (!_found.TryGetValue(peer, out (int Pid, long At) owner) || now - owner.At > FreshMilliseconds)
        {
            // The look at all interfaces is what a peer elsewhere costs.
            owner = (IsLocal(peer.Address) ? FindOwner(peer) : 0, now);
            if (_found.Count >= MaximumKept) _found.Clear();
            _found[peer] = owner;
        }

        return owner.Pid == 0 ? default : identity.ResourceOfRunning(owner.Pid)?.Bytes ?? default;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ResourceAttributesOf(int pid) => identity.ResourceOfRunning(pid)?.Bytes ?? default;

    /// <inheritdoc/>
    public uint? UserOf(IPEndPoint peer, IPEndPoint own)
    {
        foreach (string table in s_tables)
        {
            string path = $"{files.Root}/net/{table}";
            if (File.Exists(path) && SocketTable.UserOf(File.ReadAllBytes(path), peer, own) is { } uid) return uid;
        }

        return null;
    }

    private static bool IsLocal(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return true;
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (NetworkInterface network in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (UnicastIPAddressInformation own in network.GetIPProperties().UnicastAddresses)
            {
                if (own.Address.Equals(plain)) return true;
            }
        }

        return false;
    }

    private int FindOwner(IPEndPoint peer)
    {
        ulong inode = 0;
        foreach (string table in s_tables)
        {
            string path = $"{files.Root}/net/{table}";
            if (File.Exists(path)) inode = SocketTable.InodeOf(File.ReadAllBytes(path), peer);
            if (inode != 0) break;
        }

        if (inode == 0) return 0;
        string link = string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]");
        foreach (int pid in files.Processes())
        {
            if (pid != Environment.ProcessId && Holds(pid, link)) return pid;
        }

        return 0;
    }

    private bool Holds(int pid, string link)
    {
        try
        {
            foreach (string fd in Directory.EnumerateFileSystemEntries($"{files.Root}/{pid}/fd"))
            {
                if (new FileInfo(fd).LinkTarget == link) return true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone, or not ours to look into: then it is not found, and the telemetry keeps what its sender says.
        }

        return false;
    }
}
