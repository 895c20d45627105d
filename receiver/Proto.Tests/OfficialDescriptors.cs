using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Xunit;

namespace OpenTelemetry.Proto.Tests;

/// <summary>
/// The official descriptors: protoc embeds the serialized FileDescriptorProto of a file in the C++ it makes of it, as adjacent string
/// literals with the length beside them. fetch-official.sh gets those files from Debian.
/// </summary>
internal static partial class OfficialDescriptors
{
    private static string Script { get; } = typeof(OfficialDescriptors).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "FetchOfficial").Value!;

    /// <summary>Fetches them once; a run that can't have them fails, for nothing else proves what these tests are for.</summary>
    private static readonly Lazy<string> s_fetched = new(Fetch);

    public static IReadOnlyDictionary<string, FileDescriptorProto> Load()
    {
        Dictionary<string, FileDescriptorProto> files = [];
        foreach (string path in Directory.EnumerateFiles(s_fetched.Value, "*.pb.cc", SearchOption.AllDirectories))
        {
            FileDescriptorProto file = FileDescriptorProto.Parser.ParseFrom(Embedded(File.ReadAllText(path), path));
            files.Add(file.Name, file);
        }

        return files;
    }

    private static string Fetch()
    {
        using Process script = Process.Start(new ProcessStartInfo("bash", [Script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = script.StandardError.ReadToEndAsync();
        string folder = script.StandardOutput.ReadToEnd().Trim();
        script.WaitForExit();
        Assert.True(script.ExitCode == 0, $"The official OTLP definitions can't be had: {errors.Result}");
        return folder;
    }

    private static byte[] Embedded(string source, string path)
    {
        Match table = ProtoDef().Match(source);
        Match size = Size().Match(source);
        Assert.True(table.Success && size.Success, $"{path} holds no serialized descriptor.");
        List<byte> bytes = [];
        foreach (Match literal in Literal().Matches(table.Groups[1].Value)) Unescape(literal.Groups[1].Value, bytes);
        Assert.Equal(int.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture), bytes.Count);
        return [.. bytes];
    }

    private static void Unescape(string text, List<byte> bytes)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            char escape = text[++i];
            if (escape is >= '0' and <= '7')
            {
                int value = 0;
                for (int digits = 0; digits < 3 && i < text.Length && text[i] is >= '0' and <= '7'; digits++, i++)
                    value = value * 8 + (text[i] - '0');
                bytes.Add((byte)value);
                i--;
            }
            else
            {
                bytes.Add(escape switch
                {
                    'n' => (byte)'\n',
                    'r' => (byte)'\r',
                    't' => (byte)'\t',
                    '"' or '\'' or '\\' or '?' => (byte)escape,
                    _ => throw new FormatException($"Unknown escape \\{escape} in a C++ string."),
                });
            }
        }
    }

    [GeneratedRegex("""descriptor_table_protodef_\w+\[\][^=]*=\s*((?:"(?:[^"\\]|\\.)*"\s*)+)""")]
    private static partial Regex ProtoDef();

    [GeneratedRegex(@"DescriptorTable descriptor_table_\w+ = \{\s*\w+,\s*\w+,\s*(\d+),")]
    private static partial Regex Size();

    [GeneratedRegex(""" "((?:[^"\\]|\\.)*)" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Literal();
}
