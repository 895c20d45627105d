using EbpfReceiver.Otlp;
using EbpfReceiver.Proto.V1;
using Grpc.Core;
using Signal = EbpfReceiver.Otlp.Signal;
using StatusCode = Grpc.Core.StatusCode;

namespace EbpfReceiver.Services;

/// <summary>Hands out telemetry to those who pull it and those who watch it come.</summary>
/// <param name="live">What is kept, and what comes.</param>
/// <param name="lifetime">Streams end when the server stops.</param>
internal sealed class TelemetryFeed(LiveOutlet live, IHostApplicationLifetime lifetime)
{
    private const uint MaximumWaitMilliseconds = 60_000;

    /// <summary>Answers with what there is after the cursor; waits for it if that is asked for.</summary>
    public async Task<TelemetryReply> PullAsync(PullRequest request, CancellationToken cancellationToken)
    {
        Signal signal = Parse(request.Signal);
        int maximum = request.MaxItems is 0 or > int.MaxValue ? int.MaxValue : (int)request.MaxItems;
        if (request.WaitMilliseconds == 0) return Read(signal, (long)request.Cursor, maximum);

        // Subscribed before the first look, so that what comes in between is not slept through.
        using LiveSubscription subscription = live.Subscribe([signal], capacity: 1);
        TelemetryReply reply = Read(signal, (long)request.Cursor, maximum);
        if (!reply.IsEmpty) return reply;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        wait.CancelAfter((int)Math.Min(request.WaitMilliseconds, MaximumWaitMilliseconds));
        try
        {
            if (await subscription.ReadAsync(wait.Token).ConfigureAwait(false) is { } batch) batch.Batch.Release();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return reply;
        }

        return Read(signal, (long)request.Cursor, maximum);
    }

    /// <summary>Sends batches as they come, until the client cancels or the server stops.</summary>
    public async Task TailAsync(TailRequest request, IServerStreamWriter<TelemetryReply> stream, CancellationToken cancellationToken)
    {
        Signal[] signals = request.Signals.Count == 0 ? [.. ProtoSignals.All] : [.. request.Signals.Select(Parse).Distinct()];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using LiveSubscription subscription = live.Subscribe(signals);
        try
        {
            long[] sent = new long[Signals.Count];
            if (request.FromOldest)
            {
                foreach (Signal signal in signals) sent[(int)signal] = await SendKeptAsync(signal, stream, stop.Token).ConfigureAwait(false);
            }

            while (await subscription.ReadAsync(stop.Token).ConfigureAwait(false) is { } next)
            {
                Signal signal = next.Batch.Signal;
                using var reply = new TelemetryReply(signal, next.Cursor, next.Missed, [next.Batch]);
                if (next.Cursor > sent[(int)signal]) await stream.WriteAsync(reply, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how a stream ends.
        }
    }

    /// <summary>Sends what is kept of a signal; returns where that ends.</summary>
    private async Task<long> SendKeptAsync(Signal signal, IServerStreamWriter<TelemetryReply> stream, CancellationToken cancellationToken)
    {
        using LiveReading reading = live.Read(signal, 0, int.MaxValue);
        long cursor = reading.NextCursor;
        foreach (Batch batch in reading.Batches) cursor -= batch.Items;
        foreach (Batch batch in reading.Batches)
        {
            cursor += batch.Items;
            using var reply = new TelemetryReply(signal, cursor, 0, [batch.Retain()]);
            await stream.WriteAsync(reply, cancellationToken).ConfigureAwait(false);
        }

        return cursor;
    }

    private TelemetryReply Read(Signal signal, long cursor, int maximum)
    {
        using LiveReading reading = live.Read(signal, cursor, maximum);
        long next = reading.NextCursor;
        long bytes = 0;
        List<Batch> taken = [];
        foreach (Batch batch in reading.Batches)
        {
            bytes += batch.Length;

            // Profiles of two batches refer to two dictionaries, which can't be joined.
            if (taken.Count > 0 && (bytes > Signals.MaxRequestBytes || signal == Signal.Profiles)) break;
            taken.Add(batch.Retain());
        }

        for (int i = taken.Count; i < reading.Batches.Count; i++) next -= reading.Batches[i].Items;
        return new TelemetryReply(signal, next, reading.Missed, taken);
    }

    private static Signal Parse(Proto.V1.Signal signal) =>
        ProtoSignals.TryParse(signal, out Signal parsed)
            ? parsed
            : throw new RpcException(new Status(
                StatusCode.InvalidArgument, "signal is required: SIGNAL_TRACES, SIGNAL_METRICS, SIGNAL_LOGS or SIGNAL_PROFILES."));
}
