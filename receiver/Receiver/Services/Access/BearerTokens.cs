using System.Security.Cryptography;
using System.Text;
using EbpfReceiver.Configuration;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Services.Access;

/// <summary>
/// Knows tokens when it sees them. Kept and compared as digests, in a time that does not depend on how much of a token is right.
/// </summary>
internal sealed class BearerTokens
{
    private const string Scheme = "Bearer ";

    /// <summary>No one needs more, and a file that is no token file is not read to its end.</summary>
    private const int MaximumFileBytes = 64 << 10;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private readonly TokenConfiguration _configuration;
    private readonly byte[][] _written;
    private readonly ILogger _log;
    private readonly TimeSpan _interval;
    private readonly Lock _gate = new();
    private byte[][] _all;
    private long _lookedAt = Environment.TickCount64;

    /// <summary>Reads the file.</summary>
    /// <param name="configuration">The tokens.</param>
    /// <param name="log">Told of new and of unusable files.</param>
    /// <param name="interval">How often the file is looked at; null: every ten seconds.</param>
    /// <exception cref="IOException">The file can't be read, or has no token.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public BearerTokens(TokenConfiguration configuration, ILogger log, TimeSpan? interval = null)
    {
        _configuration = configuration;
        _log = log;
        _interval = interval ?? CheckInterval;
        _written = [.. configuration.Tokens.Select(Digest)];
        _all = Load();
    }

    /// <summary>Whether there is any token.</summary>
    public bool IsEmpty => _configuration.IsEmpty;

    /// <summary>Whether a request has one of the tokens.</summary>
    public bool Has(HttpRequest request)
    {
        string? header = request.Headers.Authorization;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        byte[] digest = Digest(header[Scheme.Length..].Trim(' '));
        bool found = false;
        foreach (byte[] known in Current()) found |= CryptographicOperations.FixedTimeEquals(digest, known);
        return found;
    }

    private byte[][] Current()
    {
        lock (_gate)
        {
            if (_configuration.TokenFile is null || Environment.TickCount64 - _lookedAt < _interval.TotalMilliseconds) return _all;
            _lookedAt = Environment.TickCount64;
            try
            {
                byte[][] loaded = Load();
                bool same = loaded.Length == _all.Length && loaded.Zip(_all).All(static p => p.First.AsSpan().SequenceEqual(p.Second));
                if (!same) ListenerLog.TokensReloaded(_log, loaded.Length, _configuration.TokenFile);
                _all = loaded;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                ListenerLog.TokensUnusable(_log, e.Message);
            }

            return _all;
        }
    }

    private byte[][] Load()
    {
        if (_configuration.TokenFile is not { } file) return _written;
        using FileStream stream = File.OpenRead(file);
        if (stream.Length > MaximumFileBytes)
            throw new IOException($"{file} is no file of tokens: it is larger than {MaximumFileBytes >> 10} KiB");
        using var reader = new StreamReader(stream);
        string[] lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        byte[][] tokens = [.. _written, .. lines.Select(Digest)];
        return tokens.Length > _written.Length ? tokens : throw new IOException($"{file} has no token: it should have one a line");
    }

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
