using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Reads Export requests in OTLP JSON (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"): ids in hexadecimal, 64-bit integers as
/// strings or numbers, enums as numbers or by name, unknown fields left out.
/// </summary>
public static class OtlpJsonReader
{
    /// <summary>Writes the request that a document says as protobuf.</summary>
    /// <param name="signal">Which request message the document is.</param>
    /// <param name="json">The whole document, UTF-8.</param>
    /// <param name="maximum">The most bytes the request may take.</param>
    /// <param name="request">The encoded request at the start of a buffer of <see cref="RequestBuffers"/>, which the caller gives back.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="problem">What is wrong with the document.</param>
    /// <returns>False when the document is no such request or too large for <paramref name="maximum"/>.</returns>
    public static bool TryRead(
        Signal signal,
        ReadOnlySpan<byte> json,
        int maximum,
        [NotNullWhen(true)] out byte[]? request,
        out int length,
        [NotNullWhen(false)] out OtlpJsonProblem? problem)
    {
        request = null;
        length = 0;
        using var output = new ProtobufWriter(Math.Min(json.Length, maximum) + 64);
        var decoder = new JsonDecoder(json, output, maximum);
        problem = Read(ref decoder, signal);
        if (problem is not null)
            return false;
        length = output.Position;
        request = output.Detach(0);
        return true;
    }

    private static OtlpJsonProblem? Read(ref JsonDecoder decoder, Signal signal)
    {
        try
        {
            if (decoder.TryRead(RequestSchemas.Of(signal)))
                return null;
        }
        catch (JsonException e)
        {
            return new OtlpJsonProblem(
                $"it is not JSON, at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}, or nested too deep", TooLarge: false);
        }
        catch (InvalidOperationException)
        {
            return new OtlpJsonProblem("a string is not valid UTF-8 or has half of a surrogate pair", TooLarge: false);
        }
        return new OtlpJsonProblem(decoder.Problem ?? "there is more after the object", decoder.TooLarge);
    }
}
