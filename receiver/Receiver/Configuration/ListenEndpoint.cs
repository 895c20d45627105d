using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace EbpfReceiver.Configuration;

/// <summary>An address to listen on: <c>127.0.0.1:4327</c>, <c>[::1]:4327</c>, <c>localhost:4327</c> or <c>unix:///run/ebpf-receiver.sock</c>.</summary>
public sealed record ListenEndpoint
{
    private const string UnixScheme = "unix://";

    private ListenEndpoint(IPEndPoint? address, string? socketPath) => (Address, SocketPath) = (address, socketPath);

    /// <summary>Address and port; null for a unix socket. Port 0 takes any free port.</summary>
    public IPEndPoint? Address { get; }

    /// <summary>Absolute path of a unix socket; null for TCP.</summary>
    public string? SocketPath { get; }

    /// <summary>Whether only this machine can connect.</summary>
    public bool IsLocal => Address is null || IPAddress.IsLoopback(Address.Address);

    /// <summary>Reads an endpoint. Host names other than <c>localhost</c> are refused: an address to listen on is a local one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenEndpoint? endpoint)
    {
        endpoint = null;
        if (text.StartsWith(UnixScheme, StringComparison.Ordinal))
        {
            string path = text[UnixScheme.Length..];
            if (!path.StartsWith('/') || path.Length > 107) // sun_path of unix(7), with its terminator
                return false;
            endpoint = new ListenEndpoint(null, path);
            return true;
        }

        int colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
            return false;
        string host = text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (bracketed)
            host = host[1..^1];
        IPAddress? address = host == "localhost" ? IPAddress.Loopback : null;
        if (address is null && (!IPAddress.TryParse(host, out address) || host.Contains(':') != bracketed))
            return false;
        endpoint = new ListenEndpoint(new IPEndPoint(address, port), null);
        return true;
    }

    /// <summary>The endpoint as it is written in the configuration.</summary>
    public override string ToString() => Address?.ToString() ?? UnixScheme + SocketPath;
}
