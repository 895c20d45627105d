using System.CommandLine;
using EbpfReceiver.Hosting;
using EbpfReceiver.Probes;
using EbpfReceiver.Proto.V1;
using Grpc.Core;

namespace EbpfReceiver.Cli;

/// <summary><c>probes</c>: what there is, how each attaches here, and what it costs.</summary>
internal static class ProbesCommand
{
    public static Command Create() => new("probes", "List the probes, explain one (attach choice, programs, map memory, cost), or add and remove probes of a running receiver.")
    {
        List(),
        Explain(),
        Add(),
        Remove(),
    };

    private static Command List()
    {
        var options = new ConfigurationOptions();
        var client = new ClientOptions();
        Option<string?> endpoint = EndpointOption();
        var command = new Command("list", "List the probes, with what each does and how it attaches here.") { endpoint };
        options.AddTo(command);
        client.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            IReadOnlyList<ProbeStatus> probes = parsed.GetValue(endpoint) is { } remote
                ? [.. (await AskAsync(
                    remote, client.Load(parsed), service => service.ListProbesAsync(new ListProbesRequest(), Deadline(cancel)))).Probes
                    .Select(RemoteProbes.Of)]
                : await ProbeTrial.RunAsync(options.Load(parsed), directory => directory.List(), cancel);
            ProbeText.WriteList(parsed.InvocationConfiguration.Output, probes);
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Explain()
    {
        var options = new ConfigurationOptions();
        var client = new ClientOptions();
        Option<string?> endpoint = EndpointOption();
        var name = new Argument<string?>("NAME") { Description = "The probe, as tcp. With --file it may be left out.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file", "-f") { Description = "Explain the probes of this file instead, as this machine would run them.", HelpName = "FILE" };
        var bytecode = new Option<bool>("--bytecode") { Description = "Print the instructions of each program too, with the lines of the probe file." };
        var command = new Command("explain", "Explain a probe: each hook's alternatives and why one was taken, programs, maps, cost.")
        {
            name, endpoint, file, bytecode,
        };
        options.AddTo(command);
        client.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(file) is { } path)
            {
                foreach (ProbeExplanation each in await ProbeFileTrial.ExplainAsync(options.Load(parsed), path, parsed.GetValue(name), cancel))
                    ProbeText.WriteExplanation(output, each, parsed.GetValue(bytecode));
                return ExitCode.Success;
            }

            string probe = parsed.GetValue(name) ?? throw new CommandFailedException("which probe? probes list has their names", null, ExitCode.Usage);
            var request = new ExplainProbeRequest { Name = probe };
            ProbeExplanation explanation;
            try
            {
                explanation = parsed.GetValue(endpoint) is { } remote
                    ? RemoteProbes.Of(await AskAsync(
                        remote, client.Load(parsed), service => service.ExplainProbeAsync(request, Deadline(cancel))))
                    : await ProbeTrial.RunAsync(options.Load(parsed), directory => directory.Explain(probe), cancel);
            }
            catch (UnknownProbeException e)
            {
                throw new CommandFailedException(e.Message, null, ExitCode.Usage);
            }

            ProbeText.WriteExplanation(output, explanation, parsed.GetValue(bytecode));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Add()
    {
        Option<string> endpoint = RunningEndpoint();
        var client = new ClientOptions();
        var files = new Argument<string[]>("FILE") { Description = "A probe file; - reads from standard input.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("add", "Compile and attach the probes of files in a running receiver, until it stops.") { files, endpoint };
        client.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            foreach (string file in parsed.GetValue(files) ?? [])
            {
                var request = new AddProbeRequest { Yaml = ProbeFileText.Read(file) };
                AddProbeResponse response = await AskAsync(
                    parsed.GetValue(endpoint)!, client.Load(parsed), service => service.AddProbeAsync(request, Deadline(cancel)));
                ProbeText.WriteList(parsed.InvocationConfiguration.Output, [.. response.Probes.Select(RemoteProbes.Of)]);
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Command Remove()
    {
        Option<string> endpoint = RunningEndpoint();
        var client = new ClientOptions();
        var names = new Argument<string[]>("NAME") { Description = "A declared probe, as probes list has it.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("remove", "Detach declared probes of a running receiver.") { names, endpoint };
        client.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            foreach (string name in parsed.GetValue(names) ?? [])
            {
                await AskAsync(
                    parsed.GetValue(endpoint)!,
                    client.Load(parsed),
                    service => service.RemoveProbeAsync(new RemoveProbeRequest { Name = name }, Deadline(cancel)));
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"{name} is removed.");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static Option<string> RunningEndpoint() => new("--endpoint", "-e")
    {
        Description = "Where the receiver listens: host:port or unix:///path.",
        HelpName = "ENDPOINT",
        DefaultValueFactory = _ => ReceiverClient.DefaultEndpoint,
    };

    private static Option<string?> EndpointOption() => new("--endpoint", "-e")
    {
        Description = "Ask the receiver that runs there (host:port or unix:///path) instead of attaching the probes for a moment.",
        HelpName = "ENDPOINT",
    };

    private static CallOptions Deadline(CancellationToken cancel) => new(deadline: DateTime.UtcNow.AddSeconds(10), cancellationToken: cancel);

    private static async Task<T> AskAsync<T>(
        string endpoint, ClientCredentials credentials, Func<ReceiverService.ReceiverServiceClient, AsyncUnaryCall<T>> call)
    {
        using ReceiverClient client = ReceiverClient.Connect(endpoint, credentials);
        try
        {
            return await call(client.Service);
        }
        catch (RpcException e)
        {
            throw client.Explain(e);
        }
    }
}
