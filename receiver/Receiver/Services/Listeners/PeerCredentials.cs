using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EbpfReceiver.Services.Listeners;

/// <summary>Who is at the other end of a unix socket, as the kernel noted when it connected (unix(7), SO_PEERCRED).</summary>
/// <param name="Pid">The process; 0 if it is in another PID namespace.</param>
/// <param name="Uid">Its effective user.</param>
/// <param name="Gid">Its effective group.</param>
/// <param name="Groups">Its supplementary groups.</param>
internal sealed record PeerCredentials(int Pid, uint Uid, uint Gid, IReadOnlyList<uint> Groups)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int SoPeerGroups = 59;

    /// <summary>struct ucred: pid, uid, gid.</summary>
    private const int UcredBytes = 12;

    /// <summary>NGROUPS_MAX is 65536, but no one sane has more; who does is judged without them.</summary>
    private const int MaximumGroups = 1024;

    /// <summary>Reads them; null if the socket is no connected unix socket.</summary>
    public static PeerCredentials? Of(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix) return null;
        Span<byte> ucred = stackalloc byte[UcredBytes];
        if (socket.GetRawSocketOption(SolSocket, SoPeerCred, ucred) != UcredBytes) return null;
        return new PeerCredentials(
            BinaryPrimitives.ReadInt32LittleEndian(ucred),
            BinaryPrimitives.ReadUInt32LittleEndian(ucred[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(ucred[8..]),
            GroupsOf(socket));
    }

    private static uint[] GroupsOf(Socket socket)
    {
        byte[] groups = new byte[MaximumGroups * sizeof(uint)];
        try
        {
            int length = socket.GetRawSocketOption(SolSocket, SoPeerGroups, groups);
            return MemoryMarshal.Cast<byte, uint>(groups.AsSpan(0, length)).ToArray();
        }
        catch (SocketException)
        {
            // ERANGE: more than there is room for.
            return [];
        }
    }
}
