using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;

namespace EbpfReceiver.Identity;

/// <summary>Reads <c>/proc/net/tcp</c> and <c>/proc/net/tcp6</c> (proc_net(5)): one line a socket, addresses in hexadecimal host order.</summary>
internal static class SocketTable
{
    /// <summary>TCP_ESTABLISHED (include/net/tcp_states.h) as the table prints it.</summary>
    private static ReadOnlySpan<byte> Established => "01"u8;

    /// <summary>The inode of the socket whose local end is an endpoint; 0 if the text has none.</summary>
    public static ulong InodeOf(ReadOnlySpan<byte> text, IPEndPoint local)
    {
        Span<byte> wanted = stackalloc byte[16];
        Span<byte> found = stackalloc byte[16];
        if (!local.Address.TryWriteBytes(wanted, out int length)) return 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            // "   1: 0100007F:10E7 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12345 1 ..."
            ReadOnlySpan<byte> line = text[range];
            int colon = line.IndexOf((byte)':');
            if (colon < 0) continue;
            ReadOnlySpan<byte> rest = line[(colon + 1)..].TrimStart((byte)' ');
            int end = rest.IndexOf((byte)' ');
            if (end < 0 || !TryParseAddress(rest[..end], found, out int size, out int port)) continue;
            if (port != local.Port || !SameAddress(wanted[..length], found[..size])) continue;
            for (int skip = 0; skip < 8 && !rest.IsEmpty; skip++)
            {
                int space = rest.IndexOf((byte)' ');
                rest = space < 0 ? [] : rest[space..].TrimStart((byte)' ');
            }

            if (Utf8Parser.TryParse(rest, out ulong inode, out _) && inode != 0) return inode;
        }

        return 0;
    }

    /// <summary>
    /// The user of the socket that is connected from one endpoint to another; null if the text has none. A socket that is being closed
    /// counts for none: the kernel then says root, whoever had it. Only both ends together name one socket: two of different users may
    /// have the same local end.
    /// </summary>
    public static uint? UserOf(ReadOnlySpan<byte> text, IPEndPoint local, IPEndPoint remote)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> rest = text[range];
            Next(ref rest); // the number of the line
            if (!IsAddress(Next(ref rest), local) || !IsAddress(Next(ref rest), remote)) continue;
            if (!Next(ref rest).SequenceEqual(Established)) continue;
            for (int skip = 0; skip < 3; skip++) Next(ref rest); // queues, timer, retransmits
            if (!Utf8Parser.TryParse(Next(ref rest), out uint uid, out _)) continue;
            Next(ref rest); // timeout
            if (Utf8Parser.TryParse(Next(ref rest), out ulong inode, out _) && inode != 0) return uid;
        }

        return null;
    }

    private static bool IsAddress(ReadOnlySpan<byte> text, IPEndPoint endpoint)
    {
        Span<byte> wanted = stackalloc byte[16];
        Span<byte> found = stackalloc byte[16];
        return TryParseAddress(text, found, out int size, out int port) && port == endpoint.Port
            && endpoint.Address.TryWriteBytes(wanted, out int length) && SameAddress(wanted[..length], found[..size]);
    }

    /// <summary>Takes the next word off a line.</summary>
    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart((byte)' ');
        int end = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }

    private static bool TryParseAddress(ReadOnlySpan<byte> text, Span<byte> address, out int size, out int port)
    {
        size = 0;
        port = 0;
        int colon = text.IndexOf((byte)':');
        if (colon is not (8 or 32) || !Utf8Parser.TryParse(text[(colon + 1)..], out port, out _, 'X')) return false;
        for (; size < colon / 2; size += 4)
        {
            // Each 32-bit word of the address is printed as the host's integer.
            if (!Utf8Parser.TryParse(text.Slice(size * 2, 8), out uint word, out int used, 'X') || used != 8) return false;
            if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(address[size..], word);
            else BinaryPrimitives.WriteUInt32BigEndian(address[size..], word);
        }

        return true;
    }

    /// <summary>A dual-stack socket has IPv4 ends as ::ffff:a.b.c.d.</summary>
    private static bool SameAddress(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        ReadOnlySpan<byte> mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        if (a.Length == 16 && a.StartsWith(mapped)) a = a[12..];
        if (b.Length == 16 && b.StartsWith(mapped)) b = b[12..];
        return a.SequenceEqual(b);
    }
}
