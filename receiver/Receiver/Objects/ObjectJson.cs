using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Objects;

/// <summary>A report for programs to read.</summary>
internal static class ObjectJson
{
    public static string Write(ObjectReport report)
    {
        using var buffer = new MemoryStream();
        // Not for HTML, so quotes and angle brackets of messages stay readable.
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("programs");
            foreach (ProgramReport program in report.Programs)
                Write(writer, program);
            writer.WriteEndArray();
            writer.WriteStartArray("maps");
            foreach (MapSpec map in report.Maps)
                Write(writer, map);
            writer.WriteEndArray();
            writer.WriteStartArray("externs");
            foreach (ExternSpec wanted in report.Externs)
                Write(writer, wanted);
            writer.WriteEndArray();
            writer.WriteString("error", report.Error);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, ProgramReport program)
    {
        writer.WriteStartObject();
        writer.WriteString("name", program.Spec.Name);
        writer.WriteString("section", program.Spec.SectionName);
        writer.WriteString("type", KernelNames.Of(program.Spec.Type));
        writer.WriteString("attachTarget", program.Spec.AttachTarget);
        writer.WriteString("instructions", program.Instructions is { } code ? Convert.ToHexStringLower(code) : null);
        writer.WriteStartArray("relocations");
        foreach (RelocationResult relocation in program.Relocations)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", KernelNames.Of(relocation.Kind));
            writer.WriteString("access", relocation.Subject);
            writer.WriteString("source", relocation.Source);
            writer.WriteString("result", RelocationText.Result(relocation));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (program.Loaded is { } loaded)
            writer.WriteBoolean("loaded", loaded);
        else
            writer.WriteNull("loaded");
        writer.WriteString("error", program.Error);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MapSpec map)
    {
        writer.WriteStartObject();
        writer.WriteString("name", map.Name);
        writer.WriteString("type", KernelNames.Of(map.Type));
        writer.WriteNumber("keySize", map.KeySize);
        writer.WriteNumber("valueSize", map.ValueSize);
        writer.WriteNumber("maxEntries", map.MaxEntries);
        writer.WriteNumber("flags", map.Flags);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ExternSpec wanted)
    {
        writer.WriteStartObject();
        writer.WriteString("name", wanted.Name);
        writer.WriteString("kind", ObjectText.KindOf(wanted));
        writer.WriteString("type", wanted.TypeName);
        writer.WriteBoolean("weak", wanted.IsWeak);
        writer.WriteEndObject();
    }
}
