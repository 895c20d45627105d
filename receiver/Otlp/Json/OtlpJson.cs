using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Writes Export requests as OTLP JSON: hex ids, enums as integers, 64-bit integers as strings
/// (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"). Walks the protobuf bytes; unknown fields are left out.
/// </summary>
public static class OtlpJson
{
    private static readonly JsonWriterOptions s_compact = new()
    {
        // Lines go to files and terminals, not into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonWriterOptions s_indented = s_compact with { Indented = true };

    /// <summary>Writes a request as one JSON object.</summary>
    /// <param name="signal">Which request message the bytes are.</param>
    /// <param name="request">The encoded request.</param>
    /// <param name="output">Where to.</param>
    /// <param name="indented">Over many lines, for people.</param>
    /// <returns>False when the bytes are malformed or nested too deep; part of the object may have been written.</returns>
    public static bool TryWrite(Signal signal, ReadOnlySpan<byte> request, IBufferWriter<byte> output, bool indented = false)
    {
        using var json = new Utf8JsonWriter(output, indented ? s_indented : s_compact);
        return TryWrite(signal, request, json);
    }

    /// <summary>A compact writer for many requests.</summary>
    internal static Utf8JsonWriter Writer(IBufferWriter<byte> output) => new(output, s_compact);

    /// <summary>As the other, into a writer that the caller keeps; flushes it.</summary>
    internal static bool TryWrite(Signal signal, ReadOnlySpan<byte> request, Utf8JsonWriter json)
    {
        bool complete = JsonMessage.TryWrite(json, RequestSchemas.Of(signal), request, depth: 0);
        json.Flush();
        return complete;
    }
}
