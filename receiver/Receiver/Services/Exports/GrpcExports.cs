using System.Buffers.Binary;
using EbpfReceiver.Otlp;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Services.Exports;

/// <summary>
/// The Export methods of the four OTLP services. They are handled as plain HTTP/2 requests: the message stays the bytes that came, is
/// refused by its announced size before it is read, and never inflated beyond the limit.
/// </summary>
/// <param name="intake">Takes the requests.</param>
/// <param name="senders">Says which process sends.</param>
internal sealed class GrpcExports(ExportIntake intake, SenderLookup senders)
{
    /// <summary>Maps the four methods.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        Map(endpoints, Signal.Traces, PublishedServices.Traces);
        Map(endpoints, Signal.Metrics, PublishedServices.Metrics);
        Map(endpoints, Signal.Logs, PublishedServices.Logs);
        Map(endpoints, Signal.Profiles, PublishedServices.Profiles);
    }

    private void Map(IEndpointRouteBuilder endpoints, Signal signal, string service) =>
        endpoints.MapPost($"/{service}/Export", context => HandleAsync(signal, context));

    private async Task HandleAsync(Signal signal, HttpContext context)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = "h2c";
            return;
        }

        if (!RefusalWriter.IsGrpc(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (intake.Admit(signal) is { } refusal)
        {
            await RefusalWriter.WriteAsync(context, refusal).ConfigureAwait(false);
            return;
        }

        ExportAnswer answer = await TakeAsync(signal, context).ConfigureAwait(false);
        if (answer.Refusal is not null)
        {
            await RefusalWriter.WriteAsync(context, answer.Refusal).ConfigureAwait(false);
            return;
        }

        if (answer.Stored is not null) await answer.Stored.ConfigureAwait(false);
        context.Response.ContentType = RefusalWriter.GrpcType;
        context.Response.AppendTrailer("grpc-status", "0");
        // Not flushed: message and trailers go out together when this returns.
        GrpcFrame.Write(context.Response.BodyWriter, ExportReply.Protobuf(answer));
    }

    private async ValueTask<ExportAnswer> TakeAsync(Signal signal, HttpContext context)
    {
        string? coding = context.Request.Headers["grpc-encoding"];
        if (!ContentCoding.IsKnown(coding)) return new ExportAnswer(intake.Refuse(signal, Refusal.UnknownCoding(coding)));
        using RequestBytes body = intake.Rent(intake.MaximumBytes + GrpcFrame.PrefixBytes);
        BodyOutcome outcome = await RequestBody.ReadAsync(context, body, intake.Patience, IsTooLarge).ConfigureAwait(false);
        if (outcome != BodyOutcome.Complete) return Refuse(signal, outcome);
        if (GrpcFrame.Read(body.Span, out bool compressed) is { } problem)
            return new ExportAnswer(intake.Refuse(signal, Refusal.Malformed(problem)));
        ReadOnlyMemory<byte> sender = senders.Of(context);
        if (!compressed) return intake.Take(signal, body.Span[GrpcFrame.PrefixBytes..], sender.Span, context.RequestAborted);
        if (ContentCoding.IsIdentity(coding))
        {
            return new ExportAnswer(
                intake.Refuse(signal, Refusal.Malformed("The message is compressed, but grpc-encoding does not say how.")));
        }

        using RequestBytes inflated = intake.Rent(intake.MaximumBytes);
        outcome = ContentCoding.TryInflate(coding!, body.Open(GrpcFrame.PrefixBytes), inflated);
        if (outcome != BodyOutcome.Complete) return Refuse(signal, outcome);
        return intake.Take(signal, inflated.Span, sender.Span, context.RequestAborted);
    }

    /// <summary>Whether a body announces a message over the limit; it is not waited for then.</summary>
    private bool IsTooLarge(ReadOnlySpan<byte> begin) =>
        begin.Length >= GrpcFrame.PrefixBytes && BinaryPrimitives.ReadUInt32BigEndian(begin[1..]) > (uint)intake.MaximumBytes;

    private ExportAnswer Refuse(Signal signal, BodyOutcome outcome) =>
        new(intake.Refuse(signal, Refusal.Of(outcome, intake.MaximumBytes, intake.Patience)));
}
