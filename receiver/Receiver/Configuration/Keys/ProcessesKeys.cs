namespace EbpfReceiver.Configuration;

/// <summary>Section <c>processes</c>.</summary>
internal static class ProcessesKeys
{
    private static readonly ConfigurationKey<string?> s_name = new("name", ValueTypes.Text!, null, "Name of the executable or the process.");
    private static readonly ConfigurationKey<string?> s_path = new("path", ValueTypes.Text!, null, "Path of the executable.");

    private static readonly ConfigurationKey<int?> s_pid =
        new("pid", new NullableType<int>(new IntegerType<int>(1, 1 << 22)), null, "Process id in the initial PID namespace.");

    private static readonly ConfigurationKey<string?> s_container = new("container", ValueTypes.Text!, null, "Container id.");
    private static readonly ConfigurationKey<string?> s_cgroup = new("cgroup", ValueTypes.Text!, null, "Path in the cgroup hierarchy.");

    private static readonly ListType<ProcessPattern> s_patterns = new(
        new ProcessPatternType(new SectionType<ProcessPattern>(
            [s_name, s_path, s_pid, s_container, s_cgroup],
            static s => new ProcessPattern
            {
                Name = s.Get(s_name),
                Path = s.Get(s_path),
                Pid = s.Get(s_pid),
                Container = s.Get(s_container),
                Cgroup = s.Get(s_cgroup),
            })),
        "process patterns");

    private static readonly ConfigurationKey<IReadOnlyList<ProcessPattern>> s_include =
        new("include", s_patterns, "[]", "A process is observed when one of these matches; empty: every process.");

    private static readonly ConfigurationKey<IReadOnlyList<ProcessPattern>> s_exclude =
        new("exclude", s_patterns, "[]", "A process is not observed when one of these matches.");

    public static readonly SectionType<ProcessesConfiguration> Section = new(
        [s_include, s_exclude],
        static s => new ProcessesConfiguration { Include = s.Get(s_include), Exclude = s.Get(s_exclude) });
}
