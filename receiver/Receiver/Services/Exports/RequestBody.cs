using System.IO.Pipelines;

namespace EbpfReceiver.Services.Exports;

/// <summary>Takes in the body of a request as it arrives.</summary>
internal static class RequestBody
{
    /// <summary>A question about the beginning of a body.</summary>
    public delegate bool Predicate(ReadOnlySpan<byte> begin);

    /// <summary>Reads the whole body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="bytes">Takes the body, up to its limit.</param>
    /// <param name="patience">How long the whole body may take.</param>
    /// <param name="isTooLarge">Tells by what came so far that the rest will be too much.</param>
    /// <exception cref="BadHttpRequestException">The body is not framed as HTTP wants it.</exception>
    /// <exception cref="IOException">The client is gone.</exception>
    public static async ValueTask<BodyOutcome> ReadAsync(
        HttpContext context, RequestBytes bytes, TimeSpan patience, Predicate? isTooLarge = null)
    {
        PipeReader reader = context.Request.BodyReader;
        CancellationTokenSource? deadline = null;
        try
        {
            while (true)
            {
                // A body that is there already, as most are, needs no timer.
                if (!reader.TryRead(out ReadResult result))
                {
                    if (deadline is null)
                    {
                        deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
                        deadline.CancelAfter(patience);
                    }

                    result = await reader.ReadAsync(deadline.Token).ConfigureAwait(false);
                }

                BodyOutcome outcome = bytes.TryAppend(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                if (outcome != BodyOutcome.Complete) return outcome;
                if (isTooLarge is not null && isTooLarge(bytes.Span)) return BodyOutcome.TooLarge;
                if (result.IsCompleted) return BodyOutcome.Complete;
            }
        }
        catch (OperationCanceledException)
            when (deadline is { IsCancellationRequested: true } && !context.RequestAborted.IsCancellationRequested)
        {
            return BodyOutcome.TooSlow;
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            // Kestrel's own measure: fewer bytes a second than is allowed.
            return BodyOutcome.TooSlow;
        }
        finally
        {
            deadline?.Dispose();
        }
    }
}
