using System.Globalization;
using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>scope</c>: which processes are looked at.</summary>
internal static class ScopeReader
{
    private const int MaxEntries = 64;
    private const int LongestComm = 15;

    public static ScopeDefinition? Read(FieldReader probe)
    {
        if (probe.Node("scope") is not { } node)
            return null;
        string key = probe.PathOf("scope");
        if (FieldReader.Open(
                node, key, probe.Diagnostics, "scope", "pid", "pids", "comm", "comms", "binary", "binaries", "cgroup", "cgroups", "container",
                "containers", "uid", "uids") is not { } fields)
        {
            return null;
        }

        var locations = new Dictionary<string, SourceLocation>(StringComparer.Ordinal);
        IReadOnlyList<string> Take(string one, string many, Func<string, string?> problem)
        {
            var result = new List<string>();
            foreach (string name in (string[])[one, many])
            {
                foreach (YamlScalar scalar in fields.Texts(name))
                {
                    if (problem(scalar.Text) is { } message)
                        probe.Diagnostics.Add(scalar.Location, fields.PathOf(name), message);
                    locations[$"{many}[{result.Count}]"] = scalar.Location;
                    result.Add(scalar.Text);
                }
            }

            if (result.Count > MaxEntries)
                probe.Diagnostics.Add(node.Location, FieldReader.Join(key, many), $"there are more than {MaxEntries} entries");
            return result;
        }

        var pids = Take("pid", "pids", text => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint pid) && pid > 0
            ? null : $"a process id is expected, not \"{text}\"; comm takes names, binaries takes paths");
        return new()
        {
            Location = node.Location,
            Key = key,
            Pids = [.. pids.Select(p => uint.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out uint pid) ? pid : 0)],
            Comms = Take("comm", "comms", CheckComm),
            Binaries = Take("binary", "binaries", text => text.StartsWith('/') ? null : $"the full path of an executable is expected, not \"{text}\"; comm takes names"),
            Cgroups = Take("cgroup", "cgroups", text => text.StartsWith('/') ? null : $"a cgroup is a path from the root of the hierarchy, such as /system.slice/nginx.service, not \"{text}\""),
            Containers = Take("container", "containers", text => text.Length is >= 6 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
                ? null : $"a container id, or at least the first 6 characters of one, is expected, not \"{text}\""),
            Users = Take("uid", "uids", text => text.Length <= 64 ? null : "a user is a number or a name"),
            Locations = locations,
        };
    }

    private static string? CheckComm(string text)
    {
        string name = text.Trim('*');
        if (name.Length == 0 || name.Contains('*') || (text.StartsWith('*') && text.EndsWith('*')))
            return $"\"{text}\" is no name of a thread; one star may stand at its beginning or end";
        int bytes = Encoding.UTF8.GetByteCount(name);
        return bytes > LongestComm
            ? $"\"{name}\" has {bytes} bytes, and the kernel keeps {LongestComm} of a thread's name: write {Cut(name)}"
            : null;
    }

    private static string Cut(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > LongestComm)
            name = name[..^1];
        return name;
    }
}
