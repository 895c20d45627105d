using System.Text.RegularExpressions;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed partial class CatalogueTests
{
    // What people install libbpf-tools, bcc and bpftrace for. Each is to be found by the name they know.
    private static readonly string[] s_tools =
    [
        "bashreadline", "bindsnoop", "biolatency", "biosnoop", "biotop", "bitesize", "btrfsdist", "cachestat", "capable", "cpudist", "cpufreq", "drsnoop",
        "execsnoop", "exitsnoop", "ext4dist", "filelife", "filetop", "fsdist", "fsslower", "funclatency", "futexctn", "gethostlatency", "hardirqs", "javagc",
        "klockstat", "llcstat", "mdflush", "memleak", "mountsnoop", "nfsdist", "numamove", "offcputime", "oomkill", "opensnoop", "readahead", "runqlat",
        "runqlen", "runqslower", "sigsnoop", "slabratetop", "softirqs", "solisten", "statsnoop", "syncsnoop", "syscount", "tcpconnect", "tcpconnlat",
        "tcplife", "tcppktlat", "tcprtt", "tcpstates", "tcpsynbl", "tcptop", "tcptracer", "vfsstat", "wakeuptime", "xfsdist",
    ];

    // Rare events that a person wants to know of without asking; everything else is asked for.
    private static readonly string[] s_enabled =
        ["cgroup_throttling", "mounts", "network_drops", "oom_kills", "tcp_listen_overflows", "udp_drops", "unmounts"];

    [Fact]
    public void All_files_are_read_and_no_two_probes_have_the_same_name()
    {
        Assert.True(CatalogueFiles.Probes.Count() >= 100);
        Assert.Empty(CatalogueFiles.Probes.GroupBy(p => p.Name).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void Every_known_tool_is_answered_by_a_probe() =>
        Assert.Empty(s_tools.Except(CatalogueFiles.Probes.SelectMany(p => p.Documentation.Replaces)));

    [Fact]
    public void Only_rare_events_are_on_by_default() =>
        Assert.Equal(s_enabled, CatalogueFiles.Probes.Where(p => p.Enabled).Select(p => p.Name).Order(StringComparer.Ordinal));

    public static TheoryData<string> Names => [.. CatalogueFiles.Probes.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_probe_says_what_it_measures_what_it_costs_and_what_to_look_for(string name)
    {
        ProbeDefinition probe = CatalogueFiles.Probes.Single(p => p.Name == name);
        Assert.Matches(ProbeName(), probe.Name);
        Assert.NotEmpty(probe.Documentation.Group ?? "");
        foreach (string? text in (string?[])[probe.Documentation.Description, probe.Documentation.Cost, probe.Documentation.LookFor])
        {
            Assert.True(text?.Length > 15, $"{name}: \"{text}\" says little");
            Assert.EndsWith(".", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Names_and_units_follow_the_conventions(string name)
    {
        ProbeDefinition probe = CatalogueFiles.Probes.Single(p => p.Name == name);
        foreach (MetricDefinition metric in probe.Emit.OfType<MetricDefinition>())
        {
            Assert.Matches(MetricName(), metric.Name);
            Assert.Matches(Unit(), metric.Unit);
            Assert.False(string.IsNullOrEmpty(metric.Description), $"{metric.Name} has no description");
            Assert.Equal(
                metric.Name.EndsWith(".duration", StringComparison.Ordinal) || metric.Name.EndsWith(".latency", StringComparison.Ordinal)
                    || metric.Name.EndsWith(".lifetime", StringComparison.Ordinal),
                metric.Unit == "s");
        }

        foreach (string attribute in probe.Emit.SelectMany(e => e.Attributes).Select(a => a.Name))
            Assert.Matches(AttributeName(), attribute);
        foreach (LogDefinition log in probe.Emit.OfType<LogDefinition>())
            Assert.Matches(AttributeName(), log.Event);
    }

    [Fact]
    public void A_metric_that_several_probes_have_is_the_same_in_each()
    {
        foreach (var metric in CatalogueFiles.Probes.SelectMany(p => p.Emit.OfType<MetricDefinition>()).GroupBy(m => m.Name))
        {
            Assert.Single(metric.Select(m => (m.GetType(), m.Unit, m.Description)).Distinct());
            Assert.Single(metric.Select(m => string.Join(',', m.Attributes.Select(a => a.Name).Order(StringComparer.Ordinal))).Distinct());
        }
    }

    [Fact]
    public void The_page_of_the_documentation_is_current()
    {
        string path = Path.Combine(CatalogueFiles.Root, "docs", "catalogue.md");
        string page = CataloguePage.Of(CatalogueFiles.All);
        if (Environment.GetEnvironmentVariable("EBPF_RECEIVER_WRITE_DOCS") == "1")
            File.WriteAllText(path, page);
        Assert.True(page == File.ReadAllText(path), $"docs/catalogue.md is not current; {CataloguePage.Command}");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex ProbeName();

    [GeneratedRegex(@"^(linux|process|system|jvm|dns|db)(\.[a-z][a-z0-9_]*)+$")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"^(s|By|kHz|1|\{[a-z_]+\})$")]
    private static partial Regex Unit();

    [GeneratedRegex(@"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
    private static partial Regex AttributeName();
}
