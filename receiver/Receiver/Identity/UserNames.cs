using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EbpfReceiver.Identity;

/// <summary>Names of users from a passwd file; it is read again when it changed.</summary>
/// <param name="path">The file, as passwd(5) has it.</param>
internal sealed class UserNames(string path = "/etc/passwd")
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Dictionary<uint, string> _names = [];
    private DateTime _modified;
    private long _checkedAt = long.MinValue / 2;

    /// <summary>The name of a user; its number if the file has none.</summary>
    public string Of(uint uid)
    {
        lock (_gate)
        {
            if (Environment.TickCount64 - _checkedAt > CheckInterval.TotalMilliseconds) Refresh();
            return _names.TryGetValue(uid, out string? name) ? name : uid.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Reads the lines <c>name:password:uid:...</c>; the first name of a number wins, as getpwuid(3) has it.</summary>
    internal static Dictionary<uint, string> Parse(ReadOnlySpan<byte> text)
    {
        var names = new Dictionary<uint, string>();
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range];
            int name = line.IndexOf((byte)':');
            if (name <= 0 || line[0] == '#') continue;
            int password = line[(name + 1)..].IndexOf((byte)':');
            if (password < 0 || !Utf8Parser.TryParse(line[(name + password + 2)..], out uint uid, out _)) continue;
            names.TryAdd(uid, Encoding.UTF8.GetString(line[..name]));
        }

        return names;
    }

    private void Refresh()
    {
        _checkedAt = Environment.TickCount64;
        try
        {
            DateTime modified = File.GetLastWriteTimeUtc(path);
            if (modified == _modified) return;
            _names = Parse(File.ReadAllBytes(path));
            _modified = modified;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No passwd file (a container from scratch): users keep their numbers.
            _names = [];
        }
    }
}
