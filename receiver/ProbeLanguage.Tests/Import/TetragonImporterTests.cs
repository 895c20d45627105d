using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class TetragonImporterTests
{
    internal const string FileMonitoring = """
        apiVersion: cilium.io/v1alpha1
        kind: TracingPolicy
        metadata:
          name: exec-and-connect
        spec:
          kprobes:
            - call: security_bprm_check
              syscall: false
              args:
                - { index: 0, type: linux_binprm }
              selectors:
                - matchArgs:
                    - { index: 0, operator: Prefix, values: ["/tmp", "/dev/shm"] }
                  matchPIDs:
                    - { operator: NotIn, values: [1] }
                  matchNamespaces:
                    - { namespace: Mnt, operator: NotIn, values: ["4026531840"] }
                  matchActions:
                    - action: Post
            - call: tcp_connect
              syscall: false
              args:
                - { index: 0, type: sock }
              selectors:
                - matchArgs:
                    - { index: 0, operator: DAddr, values: ["10.0.0.0/8"] }
                    - { index: 0, operator: NotDPort, values: ["53"] }
                  matchBinaries:
                    - { operator: In, values: [/usr/bin/curl] }
            - call: sys_openat
              syscall: true
              args:
                - { index: 1, type: string }
                - { index: 2, type: int }
              selectors:
                - matchArgs:
                    - { index: 2, operator: Mask, values: ["0x40"] }
        """;

    [Fact]
    public void Hooks_arguments_and_selectors_become_log_events()
    {
        ProbeFile file = TetragonImporter.Parse(FileMonitoring, "policy.yaml");

        Assert.Equal(["exec-and-connect", "exec-and-connect_2", "exec-and-connect_3"], file.Probes.Select(p => p.Name));
        var log = Assert.IsType<LogDefinition>(Assert.Single(file.Probes[0].Emit));
        Assert.Equal("tetragon.exec-and-connect", log.Event);
        Assert.Equal(["process.pid", "process.command", "arg0"], log.Attributes.Select(a => a.Name));
        Assert.Equal(
            "((startswith(str(as(struct linux_binprm, arg0).filename, 128), \"/tmp\") || startswith(str(as(struct linux_binprm, arg0).filename, 128), \"/dev/shm\"))"
            + " && !in(pid, 1) && !in(ns.mnt, 4026531840))",
            file.Probes[0].Where!.Text);
        Assert.Equal(["/usr/bin/curl"], file.Probes[1].Scope!.Binaries);
        foreach (ProbeDefinition probe in file.Probes)
            Assert.NotEmpty(ProbeCompiler.Compile(Assert.IsType<BoundProbe>(ProbeBinder.Bind(probe, KernelTypes.Any()).Probe)).Programs);
    }

    [Theory]
    [InlineData("- action: Post", "- action: Sigkill", "the action Sigkill is not taken: probes watch and never act; Post is")]
    [InlineData("type: linux_binprm", "type: bpf_attr", "the type bpf_attr is not taken; there are int, int8, int16, int32, int64, uint8, uint16, uint32, uint64, size_t, string, fd, file, path, sock, skb, linux_binprm, nop")]
    [InlineData("operator: Mask", "operator: Frob", "the operator Frob is not taken for a int; there are Equal, In, Prefix, Postfix, Mask, GT, LT, and the same with Not before them")]
    [InlineData("matchPIDs:", "matchCapabilities:", "matchCapabilities is not taken")]
    [InlineData("kprobes:", "lsmhooks:", "lsmhooks is not taken; kprobes, tracepoints and uprobes are")]
    [InlineData("  kprobes:", "  podSelector: { matchLabels: { app: web } }\n  kprobes:", "podSelector is not taken; kprobes, tracepoints and uprobes are")]
    [InlineData("call: tcp_connect", "call: \"list:dups\"", "lists of functions (list:dups) are not taken; each has its own call")]
    [InlineData("call: tcp_connect", "returnArgAction: Sigkill\n      call: tcp_connect", "the action Sigkill is not taken: probes watch and never act; Post is")]
    [InlineData("call: tcp_connect", "ignore: { callNotFound: true }\n      call: tcp_connect",
        "this key is not known; a hook has call, syscall, return, returnArg, returnArgAction, args, selectors, message and tags")]
    [InlineData("values: [\"4026531840\"]", "values: [host_ns]", "numbers are expected, not \"host_ns\"")]
    [InlineData("operator: NotIn, values: [1]", "operator: NotIn, values: [1], followForks: true", "followForks is not taken")]
    public void What_is_not_taken_is_named(string part, string other, string message)
    {
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(() => TetragonImporter.Parse(FileMonitoring.Replace(part, other), "policy.yaml"));
        Assert.Contains(message, refused.Diagnostics.Select(d => d.Message));
        Assert.All(refused.Diagnostics, d => Assert.True(d.Location.Line > 0));
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("# of another project\n---\n{0}", true)]
    [InlineData("version: 1\nprobes:\n  - name: kind\n    on: [\"kprobe:vfs_read\"]\n    emit: [ counter: {{ name: kind, description: \"kind: TracingPolicy\" }} ]\n", false)]
    public void A_probe_file_that_is_a_policy_is_read_as_one(string format, bool isPolicy)
    {
        ProbeFile file = ProbeFile.Parse(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, FileMonitoring), "policy.yaml");

        Assert.Equal(isPolicy ? ["exec-and-connect", "exec-and-connect_2", "exec-and-connect_3"] : ["kind"], file.Probes.Select(p => p.Name));
    }

    [Fact]
    public void A_policy_that_is_refused_names_its_parts_and_not_those_of_a_probe_file()
    {
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(
            () => ProbeFile.Parse("apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata:\n  name: a\nspec:\n  kprobes:\n  - call: f\n    syscal: false\n", "policy.yaml"));
        Assert.StartsWith("policy.yaml:8:5: spec.kprobes[0].syscal: this key is not known; did you mean syscall?", refused.Diagnostics[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_call_may_be_named_without_its_prefix()
    {
        ProbeFile file = TetragonImporter.Parse(
            "apiVersion: cilium.io/v1alpha1\nkind: TracingPolicy\nmetadata: { name: a }\nspec:\n  kprobes:\n  - call: xy\n    syscall: true\n", "policy.yaml");
        Assert.Equal(["__x64_sys_xy", "__arm64_sys_xy"], Assert.Single(file.Probes).On.End.Select(a => Assert.Single(a.Hooks).Target));
    }
}
