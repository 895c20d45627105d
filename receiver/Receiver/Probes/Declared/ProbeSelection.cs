using EbpfReceiver.Configuration;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Says which declared probes run.</summary>
internal static class ProbeSelection
{
    /// <summary>
    /// A probe runs unless it or its group is excluded. One of a file or of gRPC runs if it is enabled where it is written. One of the catalogue runs
    /// if it or its group is named in <c>catalogue.include</c>, or it by its name in <c>include</c>; or if the catalogue enables it and
    /// <c>include</c> matches it.
    /// </summary>
    public static bool Wants(ProbesConfiguration configuration, ProbeSource source)
    {
        string name = source.Name;
        string group = source.Group;
        if (Matches(configuration.Exclude, name, group) || Matches(configuration.Catalogue.Exclude, name, group)) return false;
        if (source.Origin != ProbeSource.Catalogue) return source.IsEnabled;
        if (Matches(configuration.Catalogue.Include, name, group) || configuration.Include.Contains(name)) return true;
        return source.IsEnabled && Matches(configuration.Include, name, group);
    }

    private static bool Matches(IReadOnlyList<string> patterns, string name, string group) =>
        patterns.Any(p => WildcardPattern.Matches(p, name) || (group.Length > 0 && WildcardPattern.Matches(p, group)));
}
