using System.Text.Json;

namespace EbpfReceiver.LoaderCases;

/// <summary>What the tests read: a line of JSON for each outcome, written at once, so that what comes after can't lose it.</summary>
internal static class JsonLine
{
    public static void Write(string name, string outcome, string reason, IEnumerable<KeyValuePair<string, string>> facts, long milliseconds)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("outcome", outcome);
            json.WriteString("reason", reason);
            json.WriteStartObject("facts");
            foreach (var (key, value) in facts)
                json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteNumber("milliseconds", milliseconds);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        using var output = Console.OpenStandardOutput();
        output.Write(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
