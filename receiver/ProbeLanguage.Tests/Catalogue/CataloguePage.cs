using System.Text;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>docs/catalogue.md: what the files say, as a page.</summary>
internal static class CataloguePage
{
    /// <summary>How the page is made anew.</summary>
    public const string Command = "EBPF_RECEIVER_WRITE_DOCS=1 dotnet run --project receiver/ProbeLanguage.Tests -- -class '*CatalogueTests' makes it";

    private const string Introduction = """
        # The catalogue of probes

        Probes in YAML that come with the receiver, compiled in the process for the kernel that runs. Each stands in a file of `probes/catalogue` with its
        documentation and can be copied from there as the beginning of one's own ([the language](probe-language.md)).

        ```yaml
        probes:
          include: [process, tcp, dns, tls, block, sched, file_sync_latency, syscall_errors]
        ```

        `ebpf-receiver probes list` says which run and why others don't; `ebpf-receiver probes explain NAME` shows hooks, code, maps and cost on this
        machine; `ebpf-receiver trace --file FILE` runs a file's probes in the terminal. Those that are on by default count rare events and cost nothing
        until these happen.

        A hook has alternatives in an order; the first that the machine has is taken. Most probes need no kprobes. Costs are of a machine of today; a probe that
        takes more than its budget is sampled down.

        Which kernel runs what is tested with every probe on 5.10, 6.1, 6.12, 6.18 and 7.2 ([where probes do not run](#where-probes-do-not-run)).


        """;

    public static string Of(IReadOnlyList<ProbeFile> files)
    {
        var page = new StringBuilder($"<!-- Made from probes/catalogue/*.yaml: {Command} -->\n\n{Introduction}");
        foreach (var group in files.SelectMany(f => f.Probes.Select(p => (File: f, Probe: p))).GroupBy(p => p.Probe.Documentation.Group ?? "").OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            page.Append($"## {group.Key}\n\n");
            page.Append("| probe | what it measures | hooks | metrics, spans, logs | cost | known as | default |\n| --- | --- | --- | --- | --- | --- | --- |\n");
            foreach ((ProbeFile file, ProbeDefinition probe) in group)
            {
                page.Append($"| [{probe.Name}](../probes/catalogue/{file.Path}) | {Cell(probe.Documentation.Description)} | {Hooks(probe)} ");
                page.Append($"| {string.Join("<br>", probe.Emit.Select(Emitter).Distinct())} | {Cell(probe.Documentation.Cost)} ");
                page.Append($"| {Cell(string.Join(", ", probe.Documentation.Replaces))} | {(probe.Enabled ? "on" : "off")} |\n");
            }

            page.Append('\n');
        }

        page.Append("## What to look for\n\n");
        foreach (ProbeDefinition probe in files.SelectMany(f => f.Probes).OrderBy(p => p.Name, StringComparer.Ordinal))
            page.Append($"- `{probe.Name}`: {probe.Documentation.LookFor}\n");
        page.Append("\n## Where probes do not run\n\nBy the types in the kernel's image, before anything is loaded; programs and libraries that are not installed are not in this table. "
            + "XFS, Btrfs, NFS and software RAID are modules of Debian's kernels: once those are loaded their probes run, on 5.10 too but for xfs_log_wait, "
            + "because the types of modules are known since 5.11.\n\n");
        page.Append("| kernel | probes without a hook |\n| --- | --- |\n");
        foreach (string kernel in CatalogueGaps.Kernels)
            page.Append($"| {kernel} | {string.Join(", ", CatalogueGaps.Of(kernel).Keys.Order(StringComparer.Ordinal))} |\n");
        return page.ToString();
    }

    private static string Hooks(ProbeDefinition probe) => probe.On.IsPair
        ? $"{Alternatives(probe.On.Start)} to {Alternatives(probe.On.End)}"
        : Alternatives(probe.On.End);

    // The best one; the file has the others.
    private static string Alternatives(IReadOnlyList<HookAlternative> alternatives)
    {
        HookReference first = alternatives[0].Hooks[0];
        int more = alternatives[0].Hooks.Count - 1;
        return $"`{first}`{(more > 0 ? $" and {more} more" : "")}";
    }

    private static string Emitter(EmitterDefinition emitter) => emitter switch
    {
        MetricDefinition metric => $"`{metric.Name}` ({metric.Unit})",
        LogDefinition log => $"log `{log.Event}`",
        SpanDefinition span => $"span `{span.Name.Text}`",
        _ => "",
    };

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal).Trim();
}
