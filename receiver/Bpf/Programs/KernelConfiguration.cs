using System.IO.Compression;

namespace EbpfReceiver.Bpf;

/// <summary>What a kernel was built with: the lines <c>CONFIG_X=value</c> of its configuration.</summary>
public sealed class KernelConfiguration
{
    private const string CompressedPath = "/proc/config.gz";

    // Real ones have 300 KiB.
    private const int MaxLength = 16 << 20;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private KernelConfiguration(string source) => Source = source;

    /// <summary>Where it was read from, for messages.</summary>
    public string Source { get; }

    /// <summary>Reads the text of a configuration.</summary>
    /// <param name="text">Lines; those that are no assignments are passed over.</param>
    /// <param name="source">Where it is from, for messages.</param>
    public static KernelConfiguration Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new KernelConfiguration(source);
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            var equals = line.IndexOf('=');
            if (equals > 0 && line.StartsWith("CONFIG_", StringComparison.Ordinal))
                result._values[line[..equals].ToString()] = line[(equals + 1)..].ToString();
        }
        return result;
    }

    /// <summary>Reads a file, compressed by gzip or not.</summary>
    /// <exception cref="BpfException">It can't be read.</exception>
    public static KernelConfiguration LoadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var first = file.ReadByte();
            file.Position = 0;
            using Stream stream = first == 0x1f ? new GZipStream(file, CompressionMode.Decompress) : file;
            var buffer = new MemoryStream();
            var chunk = new byte[64 << 10];
            for (int read; (read = stream.Read(chunk)) > 0;)
            {
                if (buffer.Length + read > MaxLength)
                    throw new BpfException($"The kernel configuration {path} has more than {MaxLength} bytes.");
                buffer.Write(chunk, 0, read);
            }
            return Parse(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BpfException($"The kernel configuration {path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Reads that of the running kernel: /proc/config.gz, or a file of its release in /boot or in its modules; null if there is none.
    /// </summary>
    public static KernelConfiguration? LoadRunning()
    {
        var paths = new List<string> { CompressedPath };
        if (KernelVersion.Release() is { Length: > 0 } release)
        {
            paths.Add($"/boot/config-{release}");
            paths.Add($"/lib/modules/{release}/config");
        }
        foreach (var path in paths)
        {
            if (File.Exists(path))
                return LoadFile(path);
        }
        return null;
    }

    /// <summary>The value of an option, as written: <c>y</c>, <c>m</c>, <c>250</c>, <c>"text"</c>.</summary>
    public bool TryGet(string name, out string value)
    {
        var found = _values.TryGetValue(name, out var text);
        value = text ?? "";
        return found;
    }
}
