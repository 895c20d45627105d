using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Reads the format file of a tracepoint: <c>field:char comm[16]; offset:8; size:16; signed:0;</c> line by line.</summary>
/// <remarks>Source: Documentation/trace/events.rst, "Event formats".</remarks>
internal static class TracepointFormatReader
{
    private const int MaxFields = 256;

    /// <summary>The fields, those common to all tracepoints among them. Lines that are no fields are passed over.</summary>
    public static IReadOnlyList<TracepointField> Read(string text)
    {
        var fields = new List<TracepointField>();
        foreach (string line in text.Split('\n'))
        {
            // What is below is how the record is printed.
            if (line.StartsWith("print fmt:", StringComparison.Ordinal) || fields.Count == MaxFields)
                break;
            if (ReadLine(line.Trim()) is { } field)
                fields.Add(field);
        }

        return fields;
    }

    private static TracepointField? ReadLine(string line)
    {
        if (!line.StartsWith("field:", StringComparison.Ordinal))
            return null;
        string[] parts = line.Split(';', StringSplitOptions.TrimEntries);
        if (parts.Length < 4 || Number(parts[1], "offset:") is not { } offset || Number(parts[2], "size:") is not { } size)
            return null;

        string declaration = parts[0]["field:".Length..];
        var location = TracepointDataLocation.Inline;
        if (declaration.StartsWith("__data_loc ", StringComparison.Ordinal))
            (location, declaration) = (TracepointDataLocation.FromRecord, declaration["__data_loc ".Length..]);
        else if (declaration.StartsWith("__rel_loc ", StringComparison.Ordinal))
            (location, declaration) = (TracepointDataLocation.FromField, declaration["__rel_loc ".Length..]);

        // "__data_loc char[] name" has its brackets at the type, "char comm[16]" at the name.
        int count = 0;
        int bracket = declaration.IndexOf('[');
        if (bracket >= 0)
        {
            int close = declaration.IndexOf(']', bracket);
            if (close < 0)
                return null;
            _ = int.TryParse(declaration.AsSpan(bracket + 1, close - bracket - 1), NumberStyles.None, CultureInfo.InvariantCulture, out count);
            declaration = (declaration[..bracket] + " " + declaration[(close + 1)..]).Trim();
        }

        int space = declaration.LastIndexOfAny([' ', '*']);
        if (space < 0)
            return null;
        string name = declaration[(space + 1)..].Trim();
        string type = declaration[..(space + 1)].Trim();
        // A constant that is no number (TASK_COMM_LEN) leaves the size, which tells it for texts.
        if (bracket >= 0 && count == 0 && location == TracepointDataLocation.Inline && type is "char" or "u8" or "__u8" or "unsigned char")
            count = size;
        bool signed = parts[3] == "signed:1" && !type.StartsWith("unsigned", StringComparison.Ordinal);
        return name.Length == 0 ? null : new(name, type, offset, size, signed, count, location);
    }

    private static int? Number(string part, string prefix) =>
        part.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(part.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value < 65536
            ? value
            : null;
}
