using EbpfReceiver.Cli;
using EbpfReceiver.Configuration;
using EbpfReceiver.Probes;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Hosting;

/// <summary>Attaches the probes of a file for a moment, and nothing else that the configuration names.</summary>
internal static class ProbeFileTrial
{
    /// <summary>Explains the probes of a file as this machine runs them.</summary>
    /// <param name="configuration">How probes are attached.</param>
    /// <param name="path">The file.</param>
    /// <param name="only">The one that is asked for; null: all.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="CommandFailedException">The file can't be read or is wrong, or has no such probe.</exception>
    public static async Task<IReadOnlyList<ProbeExplanation>> ExplainAsync(
        ReceiverConfiguration configuration, string path, string? only, CancellationToken cancellationToken)
    {
        ProbeFile file = ProbeFileText.Parse(path);
        string[] names = [.. file.Probes.Select(p => p.Name).Where(n => only is null || n == only)];
        if (names.Length == 0)
            throw new CommandFailedException($"{path} has no probe {only}; it has {string.Join(", ", file.Probes.Select(p => p.Name))}", null, ExitCode.Usage);
        ReceiverConfiguration alone = configuration with
        {
            Probes = configuration.Probes with
            {
                Include = [],
                Exclude = [],
                Files = [path],
                Catalogue = new CatalogueConfiguration { Enabled = false },
            },
        };
        return await ProbeTrial.RunAsync<IReadOnlyList<ProbeExplanation>>(alone, d => [.. names.Select(d.Explain)], cancellationToken);
    }
}
