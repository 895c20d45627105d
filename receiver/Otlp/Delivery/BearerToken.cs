namespace EbpfReceiver.Otlp;

/// <summary>The value of the <c>authorization</c> header. Any thread may ask.</summary>
internal sealed class BearerToken(OtlpAuthOptions options, TimeProvider time)
{
    /// <summary>Larger than any token: the file that was named is another one.</summary>
    private const int MaxBytes = 64 * 1024;

    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private string? _value = options.Token is null ? null : $"{options.Scheme} {options.Token}";
    private long _readAt;

    /// <exception cref="IOException">The token can't be read; the message says why.</exception>
    public string Value()
    {
        if (options.TokenFile is not { } path)
            return _value!;
        lock (_gate)
        {
            if (_value is null || time.GetElapsedTime(_readAt) >= s_interval)
            {
                _value = $"{options.Scheme} {Read(path)}";
                _readAt = time.GetTimestamp();
            }
            return _value;
        }
    }

    private static string Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > MaxBytes)
                throw new IOException($"The file has more than {MaxBytes} bytes.");
            using var reader = new StreamReader(file);
            string token = reader.ReadToEnd().Trim();
            return token.Length > 0 ? token : throw new IOException("The file is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"token_file {path} has no token to send: {e.Message}", e);
        }
    }
}
