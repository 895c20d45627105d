using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class RefusalTests
{
    [Fact]
    public void A_refused_program_says_the_verifiers_line_and_the_source_line()
    {
        KernelAccess.Require();
        using var refused = KernelAccess.Create("refused");
        var e = Assert.Throws<BpfLoadException>(() => refused.Load("unchecked_lookup"));
        Assert.Equal("EACCES", e.ErrorName);
        Assert.Matches(
            @"^Program unchecked_lookup \(raw_tp/sched_switch\) was refused by the verifier \(EACCES\): R\d invalid mem access "
            + @"'map_value_or_null' \(instruction \d+, refused\.bpf\.c:\d+: return \*value;",
            e.Message);
        Assert.Contains("processed", e.VerifierLog, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_this_kernel_does_not_have_is_named()
    {
        KernelAccess.Require(KernelFeature.KernelTypes);
        using var refused = KernelAccess.Create("refused");
        var e = Assert.Throws<BpfLoadException>(() => refused.Load("missing_field"));
        Assert.Matches(
            @"^Program missing_field \(raw_tp/sched_switch\) needs struct task_struct\.no_such_field, which this kernel does not have as the program "
            + @"knows it: this kernel's struct task_struct has no \.no_such_field of the kind that is used \(instruction \d+, refused\.bpf\.c:\d+: "
            + @"probe_read_kernel\(&value, sizeof\(value\), &task->no_such_field\);\)$",
            e.Message);
    }

    [Fact]
    public void A_callback_of_an_object_without_types_is_refused_for_that()
    {
        KernelAccess.Require();
        Assert.SkipUnless(KernelFeatures.Probe(BpfHelper.Loop).IsAvailable, "This kernel has no bpf_loop.");
        var compiled = Toolchain.CompileBpf("Programs/callback.bpf.c");
        using (var whole = BpfObject.Create(BpfObjectSpec.Parse(File.ReadAllBytes(compiled), "whole")))
            Assert.Equal("calls_back", whole.Load("calls_back").Info().Name);

        var path = Path.GetTempFileName();
        try
        {
            Toolchain.Run("llvm-objcopy", $"--remove-section .BTF.ext {compiled} {path}");
            using var bare = BpfObject.Create(BpfObjectSpec.Parse(File.ReadAllBytes(path), "bare"));
            Assert.Equal(
                "Program calls_back (raw_tp/sys_enter) gives a helper a function to call back (instruction 1), of which the kernel has to know the "
                + "types. The object does not tell them for each function (section .BTF.ext).",
                Assert.Throws<BpfLoadException>(() => bare.Load("calls_back")).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_helper_that_no_kernel_has_is_named()
    {
        KernelAccess.Require();
        using var refused = KernelAccess.Create("refused");
        var e = Assert.Throws<BpfLoadException>(() => refused.Load("unknown_helper"));
        Assert.Equal(
            "Program unknown_helper (raw_tp/sched_switch) calls helper 9999, which this kernel does not have or does not allow to this "
                + "kind of program.",
            e.Message);
    }

    [Fact]
    public void A_tracepoint_that_is_not_there_is_named_for_each_way_to_attach()
    {
        KernelAccess.Require(KernelFeature.KernelTypes);
        using var refused = KernelAccess.Create("refused");
        var typed = Assert.Throws<BpfLoadException>(() => refused.Load("missing_tp_btf"));
        Assert.Equal(
            "Program missing_tp_btf (tp_btf/no_such_tracepoint) can't be loaded: the kernel's types have no tracepoint no_such_tracepoint.",
            typed.Message);
        var raw = Assert.Throws<BpfSyscallException>(() => refused.Load("missing_raw_tp").Attach());
        Assert.Equal("ENOENT", raw.ErrorName);
        Assert.Equal("The kernel has no such tracepoint.", raw.Remedy);
        Assert.SkipUnless(KernelFeatures.Probe(KernelFeature.Tracefs).IsAvailable, "No tracefs.");
        var classic = Assert.Throws<BpfSyscallException>(() => refused.Load("missing_tp").Attach());
        Assert.Equal(("ENOENT", "The kernel has no such tracepoint."), (classic.ErrorName, classic.Remedy));
    }

    [Fact]
    public void A_raw_tracepoint_with_fewer_arguments_than_the_program_reads_refuses_it_when_it_is_attached()
    {
        KernelAccess.Require(KernelFeature.RawTracepoint);
        using var refused = KernelAccess.Create("refused");
        var e = Assert.Throws<BpfSyscallException>(() => refused.Load("too_many_arguments").Attach());
        Assert.Equal("EINVAL", e.ErrorName);
        Assert.StartsWith("The program reads more arguments than the tracepoint has", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Kprobes_on_a_kernel_without_them_are_refused_as_such()
    {
        KernelAccess.Require();
        var kprobes = KernelFeatures.Probe(KernelFeature.KprobePerf);
        Assert.SkipUnless(kprobes.Availability == FeatureAvailability.No, "This kernel has kprobes.");
        KernelAccess.Require(KernelFeature.Tracefs);
        using var attach = KernelAccess.Create("attach");
        var e = Assert.Throws<BpfException>(() => attach.Load("on_kprobe").Attach());
        Assert.Equal(
            "Attaching kprobe __x64_sys_getpgid (tracefs) is not possible: this kernel was built without kprobes (CONFIG_KPROBES): it has "
            + "neither perf_kprobe nor kprobe_events.",
            e.Message);
    }

    [Fact]
    public void A_function_that_is_not_there_is_named()
    {
        KernelAccess.Require(KernelFeature.KprobePerf);
        using var attach = KernelAccess.Create("attach");
        var e = Assert.Throws<BpfSyscallException>(() => attach.Load("on_missing").Attach());
        Assert.StartsWith("The kernel has no function no_such_function", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_refuses_is_not_taken_for_a_missing_capability()
    {
        KernelAccess.Require(KernelFeature.KernelTypes);
        var fentry = KernelFeatures.Probe(KernelFeature.Fentry, KernelAccess.KernelTypes);
        Assert.SkipUnless(fentry.Reason.Contains("EPERM", StringComparison.Ordinal), "Fentry is not refused here.");
        using var attach = KernelAccess.Create("attach");
        var e = Assert.Throws<BpfLoadException>(() => attach.Load("on_fentry"));
        Assert.StartsWith(
            "Program on_fentry (fentry/__x64_sys_getpgid) was refused with EPERM, without a word of the verifier. This process has ",
            e.Message, StringComparison.Ordinal);
        Assert.Contains("a policy refuses it", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("RLIMIT_MEMLOCK", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_leave_nothing_open()
    {
        KernelAccess.Require(KernelFeature.KernelTypes);
        var before = Descriptors.Census();
        using (var refused = KernelAccess.Create("refused"))
        {
            foreach (var program in refused.Spec.Programs)
                Assert.ThrowsAny<BpfException>(() => refused.Load(program.Name).Attach());
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Fact]
    public void A_name_that_is_not_in_the_object_is_answered_with_those_that_are()
    {
        KernelAccess.Require();
        using var refused = KernelAccess.Create("refused");
        var e = Assert.Throws<BpfException>(() => refused.Map("tabel"));
        Assert.Equal("refused has no map tabel; it has table.", e.Message);
    }
}
