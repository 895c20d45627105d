using EbpfReceiver.Bpf;
using EbpfReceiver.Cli;
using EbpfReceiver.Configuration;
using EbpfReceiver.Probes;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Hosting;

/// <summary>Attaches the probes for a moment, to see what becomes of it: loading alone tells little, attaching tells all.</summary>
internal static class ProbeTrial
{
    /// <summary>Attaches, asks, detaches.</summary>
    /// <exception cref="CommandFailedException">Nothing can be attached at all.</exception>
    public static async Task<T> RunAsync<T>(ReceiverConfiguration configuration, Func<IProbeDirectory, T> ask, CancellationToken cancellationToken)
    {
        await using var runtime = new ReceiverRuntime(configuration, [], NullLoggerFactory.Instance);
        try
        {
            await runtime.StartAsync(cancellationToken);
            return ask(runtime.Probes);
        }
        catch (BpfException e)
        {
            throw new CommandFailedException(e.Message, "ebpf-receiver doctor says what this machine allows.");
        }
    }
}
