namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>The files of probes/catalogue.</summary>
internal static class CatalogueFiles
{
    private static readonly Lazy<IReadOnlyList<ProbeFile>> s_files = new(() =>
        [.. Directory.GetFiles(Path.Combine(Root, "probes", "catalogue"), "*.yaml").Order(StringComparer.Ordinal)
            .Select(path => ProbeFile.Parse(File.ReadAllText(path), Path.GetFileName(path)))]);

    /// <summary>The repository.</summary>
    public static string Root
    {
        get
        {
            for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "ebpf-receiver.sln")))
                    return at.FullName;
            }

            throw new DirectoryNotFoundException("ebpf-receiver.sln is not above the tests");
        }
    }

    public static IReadOnlyList<ProbeFile> All => s_files.Value;

    public static IEnumerable<ProbeDefinition> Probes => All.SelectMany(file => file.Probes);
}
