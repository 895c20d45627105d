namespace EbpfReceiver.Configuration;

/// <summary>Section <c>privileges</c>.</summary>
internal static class PrivilegesKeys
{
    private static readonly ConfigurationKey<PrivilegesAfterAttach> s_afterAttach = new(
        "after_attach",
        new ChoiceType<PrivilegesAfterAttach>(
            ("attach", PrivilegesAfterAttach.Attach), ("minimal", PrivilegesAfterAttach.Minimal), ("keep", PrivilegesAfterAttach.Keep)),
        "attach",
        "What the process may still do once its probes are attached: `attach` more of them; `minimal`, only read them; `keep`, all it could before.");

    public static readonly SectionType<PrivilegesConfiguration> Section =
        new([s_afterAttach], static s => new PrivilegesConfiguration { AfterAttach = s.Get(s_afterAttach) });
}
