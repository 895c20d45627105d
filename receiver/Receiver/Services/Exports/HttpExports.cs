using EbpfReceiver.Otlp;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Services.Exports;

/// <summary>
/// OTLP/HTTP (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP"): requests in protobuf or JSON, answered in the same; errors are
/// google.rpc.Status.
/// </summary>
/// <param name="intake">Takes the requests.</param>
/// <param name="senders">Says which process sends.</param>
internal sealed class HttpExports(ExportIntake intake, SenderLookup senders)
{
    /// <summary>Maps the four paths.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.Map("/v1/traces", context => HandleAsync(Signal.Traces, context));
        endpoints.Map("/v1/metrics", context => HandleAsync(Signal.Metrics, context));
        endpoints.Map("/v1/logs", context => HandleAsync(Signal.Logs, context));
        endpoints.Map("/v1development/profiles", context => HandleAsync(Signal.Profiles, context));
    }

    private async Task HandleAsync(Signal signal, HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await RefusalWriter.WriteAsync(context, Refusal.WrongMethod(context.Request.Method)).ConfigureAwait(false);
            return;
        }

        bool json = RefusalWriter.Is(context.Request.ContentType, RefusalWriter.JsonType);
        ExportAnswer answer = intake.Admit(signal) is { } refusal
            ? new ExportAnswer(refusal)
            : await TakeAsync(signal, context, json).ConfigureAwait(false);
        if (answer.Refusal is not null)
        {
            await RefusalWriter.WriteAsync(context, answer.Refusal).ConfigureAwait(false);
            return;
        }

        if (answer.Stored is not null) await answer.Stored.ConfigureAwait(false);
        byte[] body = json ? ExportReply.Json(signal, answer) : ExportReply.Protobuf(answer);
        context.Response.ContentType = json ? RefusalWriter.JsonType : RefusalWriter.ProtobufType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<ExportAnswer> TakeAsync(Signal signal, HttpContext context, bool json)
    {
        HttpRequest request = context.Request;
        if (!json && !RefusalWriter.Is(request.ContentType, RefusalWriter.ProtobufType))
            return new ExportAnswer(intake.Refuse(signal, Refusal.UnknownType(request.ContentType)));
        string? coding = request.Headers.ContentEncoding;
        if (!ContentCoding.IsKnown(coding)) return new ExportAnswer(intake.Refuse(signal, Refusal.UnknownCoding(coding)));
        if (request.ContentLength > intake.MaximumBytes) return Refuse(signal, BodyOutcome.TooLarge);
        using RequestBytes body = intake.Rent(intake.MaximumBytes);
        BodyOutcome outcome = await RequestBody.ReadAsync(context, body, intake.Patience).ConfigureAwait(false);
        if (outcome != BodyOutcome.Complete) return Refuse(signal, outcome);
        if (ContentCoding.IsIdentity(coding)) return Take(signal, body.Span, json, context);
        using RequestBytes inflated = intake.Rent(intake.MaximumBytes);
        outcome = ContentCoding.TryInflate(coding!, body.Open(0), inflated);
        return outcome == BodyOutcome.Complete ? Take(signal, inflated.Span, json, context) : Refuse(signal, outcome);
    }

    private ExportAnswer Take(Signal signal, ReadOnlySpan<byte> body, bool json, HttpContext context)
    {
        ReadOnlySpan<byte> sender = senders.Of(context).Span;
        if (!json) return intake.Take(signal, body, sender, context.RequestAborted);
        if (!OtlpJsonReader.TryRead(signal, body, intake.MaximumBytes, out byte[]? request, out int length, out OtlpJsonProblem? problem))
        {
            return new ExportAnswer(intake.Refuse(
                signal,
                problem.TooLarge
                    ? Refusal.TooLarge(intake.MaximumBytes)
                    : Refusal.Malformed($"The request is not OTLP JSON for {Signals.NameOf(signal)}: {problem.Reason}.")));
        }

        try
        {
            return intake.Take(signal, request.AsSpan(0, length), sender, context.RequestAborted);
        }
        finally
        {
            RequestBuffers.Return(request);
        }
    }

    private ExportAnswer Refuse(Signal signal, BodyOutcome outcome) =>
        new(intake.Refuse(signal, Refusal.Of(outcome, intake.MaximumBytes, intake.Patience)));
}
