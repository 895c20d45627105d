namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes</c>: what is observed and how it is attached.</summary>
public sealed record ProbesConfiguration
{
    /// <summary>Names of probes, <c>*</c> as wildcard. Only what is included and not excluded runs.</summary>
    public required IReadOnlyList<string> Include { get; init; }

    /// <summary>Names of probes that do not run, <c>*</c> as wildcard.</summary>
    public required IReadOnlyList<string> Exclude { get; init; }

    /// <summary>Probe files, and directories with probe files; looked at while the receiver runs.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Which probes of the catalogue run.</summary>
    public CatalogueConfiguration Catalogue { get; init; } = new();

    /// <summary>Which alternatives of kernel hooks are considered.</summary>
    public required AttachPreference Attach { get; init; }

    /// <summary>Whether texts of declared probes are redacted: queries of URLs, literals of SQL.</summary>
    public bool Redact { get; init; } = true;

    /// <summary>Settings of single probes.</summary>
    public required ProbeSettings Settings { get; init; }

    /// <summary>The buffer through which samples leave the kernel.</summary>
    public required SampleBufferConfiguration SampleBuffer { get; init; }

    /// <summary>Capacities of BPF maps by their name, in entries; maps that are not named keep what the probe chose.</summary>
    public required IReadOnlyDictionary<string, long> MapEntries { get; init; }

    /// <summary>Whether a probe is to run.</summary>
    /// <param name="name">The probe's name, as <c>tcp</c>.</param>
    public bool Includes(string name) => Matches(Include, name) && !Matches(Exclude, name);

    private static bool Matches(IReadOnlyList<string> patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (WildcardPattern.Matches(pattern, name))
                return true;
        }

        return false;
    }
}
