using System.Buffers.Text;

namespace EbpfReceiver.Samples;

/// <summary>Writes IP addresses as text into a caller's buffer: IPv4 dotted, IPv6 as RFC 5952 wants it.</summary>
internal static class AddressText
{
    /// <summary>The longest text: eight groups of four digits, or an IPv4 address at the end of an IPv6 one.</summary>
    public const int MaximumLength = 45;

    /// <summary>AF_INET.</summary>
    public const int Ipv4 = 2;

    /// <summary>AF_INET6.</summary>
    public const int Ipv6 = 10;

    /// <summary>Writes an address.</summary>
    /// <param name="family">AF_INET or AF_INET6.</param>
    /// <param name="address">16 bytes in network order; an IPv4 address is in the first four.</param>
    /// <param name="text">Room for <see cref="MaximumLength"/> bytes.</param>
    /// <returns>The text within <paramref name="text"/>.</returns>
    public static ReadOnlySpan<byte> Write(int family, ReadOnlySpan<byte> address, Span<byte> text)
    {
        if (family != Ipv6) return text[..WriteIpv4(address, text)];
        ReadOnlySpan<byte> mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
        if (address.StartsWith(mapped))
        {
            "::ffff:"u8.CopyTo(text);
            return text[..(7 + WriteIpv4(address[12..], text[7..]))];
        }

        // The longest run of two groups or more that are zero becomes "::"; of equal ones the first.
        int runAt = -1;
        int run = 1;
        for (int i = 0; i < 8;)
        {
            int end = i;
            while (end < 8 && Group(address, end) == 0) end++;
            if (end - i > run) (runAt, run) = (i, end - i);
            i = end + 1;
        }

        int length = 0;
        for (int i = 0; i < 8; i++)
        {
            if (i == runAt)
            {
                text[length++] = (byte)':';
                i += run - 1;
                if (i == 7) text[length++] = (byte)':';
                continue;
            }

            if (i > 0) text[length++] = (byte)':';
            Utf8Formatter.TryFormat(Group(address, i), text[length..], out int written, 'x');
            length += written;
        }

        return text[..length];
    }

    private static ushort Group(ReadOnlySpan<byte> address, int i) => (ushort)((address[2 * i] << 8) | address[2 * i + 1]);

    private static int WriteIpv4(ReadOnlySpan<byte> address, Span<byte> text)
    {
        int length = 0;
        for (int i = 0; i < 4; i++)
        {
            if (i > 0) text[length++] = (byte)'.';
            Utf8Formatter.TryFormat(address[i], text[length..], out int written);
            length += written;
        }

        return length;
    }
}
