using System.CommandLine;
using EbpfReceiver.Proto.V1;
using Grpc.Core;
using WireSignal = EbpfReceiver.Proto.V1.Signal;

namespace EbpfReceiver.Cli;

/// <summary><c>tail</c>: shows what a running receiver sends, as it sends it.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var endpoint = new Option<string>("--endpoint", "-e")
        {
            Description = "Where the receiver listens: host:port or unix:///path.",
            DefaultValueFactory = _ => ReceiverClient.DefaultEndpoint,
        };
        var signals = new Option<string[]>("--signal") { Description = "Only this signal: traces, metrics or logs. May be repeated.", HelpName = "SIGNAL" };
        signals.AcceptOnlyFromAmong("traces", "metrics", "logs");
        var probes = new Option<string[]>("--probe") { Description = "Only what this probe gives, as tcp. May be repeated.", HelpName = "NAME" };
        var processes = new Option<string[]>("--process", "-p")
        {
            Description = "Only of this process: its id, or its name with * and ?. May be repeated.",
            HelpName = "NAME|PID",
        };
        var fromOldest = new Option<bool>("--from-oldest") { Description = "Begin with what the receiver still keeps." };
        var json = new Option<bool>("--json") { Description = "Print OTLP JSON, a line a batch." };
        var limit = new Option<int>("--max-events-per-second")
        {
            Description = "Lines a second; what is above is counted.",
            DefaultValueFactory = _ => 1000,
        };
        var command = new Command("tail", "Show what a running receiver sends, as it sends it, until Ctrl-C.")
        {
            endpoint, signals, probes, processes, fromOldest, json, limit,
        };
        var options = new ClientOptions();
        options.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var request = new TailRequest { FromOldest = parsed.GetValue(fromOldest) };
            request.Signals.Add((parsed.GetValue(signals) ?? []).Select(SignalOf));
            var filter = new TailFilter(parsed.GetValue(probes) ?? [], parsed.GetValue(processes) ?? []);
            ITailPrinter printer = parsed.GetValue(json)
                ? new JsonTailPrinter(parsed.InvocationConfiguration.Output)
                : new LineTailPrinter(parsed.GetValue(limit));
            using ReceiverClient client = ReceiverClient.Connect(parsed.GetValue(endpoint)!, options.Load(parsed));
            try
            {
                await FollowAsync(client, request, filter, printer, parsed.InvocationConfiguration.Error, cancel);
                return ExitCode.Success;
            }
            catch (Exception e) when (cancel.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
            {
                return ExitCode.Success;
            }
            catch (RpcException e)
            {
                throw client.Explain(e);
            }
        });
        return command;
    }

    private static async Task FollowAsync(
        ReceiverClient client, TailRequest request, TailFilter filter, ITailPrinter printer, TextWriter error, CancellationToken cancel)
    {
        using AsyncServerStreamingCall<TailResponse> call = client.Service.Tail(request, cancellationToken: cancel);
        Task<bool> next = call.ResponseStream.MoveNext(cancel);
        while (true)
        {
            if (await Task.WhenAny(next, Task.Delay(s_tick, cancel)) != next)
            {
                printer.Tick();
                continue;
            }

            if (!await next)
                break;
            TailResponse response = call.ResponseStream.Current;
            if (response.MissedItems > 0)
                await error.WriteLineAsync($"… {response.MissedItems} items missed: this client reads too slowly");
            Print(response, filter, printer);
            next = call.ResponseStream.MoveNext(cancel);
        }

        await error.WriteLineAsync("The receiver has ended the stream.");
    }

    private static void Print(TailResponse response, TailFilter filter, ITailPrinter printer)
    {
        int left;
        switch (response.DataCase)
        {
            case TailResponse.DataOneofCase.Traces when (left = filter.Apply(response.Traces)) > 0:
                printer.Print(Otlp.Signal.Traces, left, response.Traces);
                break;
            case TailResponse.DataOneofCase.Logs when (left = filter.Apply(response.Logs)) > 0:
                printer.Print(Otlp.Signal.Logs, left, response.Logs);
                break;
            case TailResponse.DataOneofCase.Metrics when (left = filter.Apply(response.Metrics)) > 0:
                printer.Print(Otlp.Signal.Metrics, left, response.Metrics);
                break;
        }
    }

    private static WireSignal SignalOf(string name) => name switch
    {
        "traces" => WireSignal.Traces,
        "metrics" => WireSignal.Metrics,
        _ => WireSignal.Logs,
    };
}
