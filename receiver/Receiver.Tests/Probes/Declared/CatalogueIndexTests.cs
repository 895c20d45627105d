using System.Text.RegularExpressions;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Tests.Services;

namespace EbpfReceiver.Tests.Probes.Declared;

/// <summary>The index that the build makes of the catalogue against the files themselves, as the compiler of probes reads them.</summary>
public sealed class CatalogueIndexTests
{
    [Fact]
    public void The_index_says_what_the_files_say()
    {
        Assert.True(ProbeCatalogueFiles.Entries.Count >= 100, $"{ProbeCatalogueFiles.Entries.Count} probes are indexed");
        Assert.Equal(
            Files().SelectMany(f => f.Probes.Select(p => (
                File: Path.GetFileName(f.Path),
                p.Location.Line,
                p.Name,
                Group: p.Documentation.Group ?? "",
                p.Enabled,
                Description: (p.Documentation.Description ?? "").Trim()))),
            ProbeCatalogueFiles.Entries.Select(e => (e.File, e.Line, e.Name, e.Group, e.IsEnabled, e.Description)));
    }

    [Fact]
    public void A_probe_that_is_read_alone_is_the_one_of_the_whole_file()
    {
        ProbeDefinition[] whole = [.. Files().SelectMany(f => f.Probes)];
        ProbeDefinition[] alone = [.. ProbeCatalogueFiles.Entries.Select(ProbeCatalogueFiles.Read)];
        Assert.Equal(whole.Select(Write), alone.Select(Write));
    }

    [Fact]
    public void The_program_has_the_text_of_each_file()
    {
        Assert.All(Files(), file => Assert.Equal(file.Text, ProbeCatalogueFiles.TextOf(Path.GetFileName(file.Path))));
    }

    [Fact]
    public void A_source_of_the_catalogue_is_the_same_each_time()
    {
        IReadOnlyList<ProbeSource> first = ProbeCatalogueFiles.Sources(), second = ProbeCatalogueFiles.Sources();
        Assert.All(first.Zip(second), pair => Assert.True(pair.First.IsSameAs(pair.Second), pair.First.Name));
        Assert.False(first[0].IsSameAs(first[1]));
        Assert.False(first[0].IsSameAs(new ProbeSource(first[0].Definition, "/etc/probe.yaml", first[0].Name)));
    }

    /// <summary>All members, their places in the file among them, but for the probe's number in the list.</summary>
    private static string Write(ProbeDefinition probe) =>
        Regex.Replace(string.Join('\n', (object[])[probe, .. probe.Emit, .. probe.Let, .. probe.Key]), @"probes\[\d+\]", "probes[]");

    private static IEnumerable<ProbeFile> Files() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "probes/catalogue"), "*.yaml")
        .Order(StringComparer.Ordinal)
        .Select(path => ProbeFile.Parse(File.ReadAllText(path), $"catalogue/{Path.GetFileName(path)}"));
}
