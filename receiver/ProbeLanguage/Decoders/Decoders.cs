namespace EbpfReceiver.ProbeLanguage;

/// <summary>The decoders there are.</summary>
public static class Decoders
{
    /// <summary>More patterns than this are not taken, nor longer ones: they come from files of whoever may write probes.</summary>
    private const int MaximumPatterns = 64;

    private const int MaximumPatternLength = 512;

    /// <summary>Their names, as ebpf_exporter has them where it has them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "string", "uint", "hex", "errno", "syscall", "ksym", "usym", "inet_ip", "ifname", "majorminor", "cgroup", "static_map", "regexp", "dname",
    ];

    /// <summary>What is wrong with a decoder, as a sentence; null if nothing is.</summary>
    public static string? Check(DecoderSpec spec)
    {
        switch (spec.Name)
        {
            case "static_map" when spec.Map.Count == 0:
                return "The decoder static_map needs a map.";
            case "regexp":
                if (spec.Patterns.Count is 0 or > MaximumPatterns)
                    return $"The decoder regexp needs patterns, at most {MaximumPatterns}.";
                foreach (string pattern in spec.Patterns)
                {
                    if (CheckPattern(pattern) is { } problem) return problem;
                }

                return null;
            default:
                return Names.Contains(spec.Name) ? null : $"There is no decoder {spec.Name}; there are {string.Join(", ", Names)}.";
        }
    }

    /// <summary>Makes a decoder.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> would have said why.</exception>
    internal static Decoder Create(DecoderSpec spec) => Check(spec) is { } problem ? throw new ArgumentException(problem, nameof(spec)) : spec.Name switch
    {
        "string" => new TextDecoder(),
        "uint" => new UnsignedDecoder(),
        "hex" => new HexDecoder(),
        "errno" => new ErrorNumberDecoder(),
        "syscall" => new SystemCallDecoder(),
        "ksym" => new KernelSymbolDecoder(spec.Map.GetValueOrDefault("prefix", "")),
        "usym" => new UserSymbolDecoder(),
        "inet_ip" => new AddressDecoder(),
        "ifname" => new InterfaceDecoder(),
        "majorminor" => new DeviceDecoder(),
        "cgroup" => new CgroupDecoder(),
        "static_map" => new StaticMapDecoder(spec),
        "regexp" => new RegularExpressionDecoder(spec.Patterns),
        _ => new DomainNameDecoder(),
    };

    private static string? CheckPattern(string pattern)
    {
        if (pattern.Length is 0 or > MaximumPatternLength) return $"A pattern of the decoder regexp has 1 to {MaximumPatternLength} characters.";
        try
        {
            _ = RegularExpressionDecoder.Compile(pattern);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"The pattern {pattern} of the decoder regexp can't be used: {e.Message}";
        }
    }
}
