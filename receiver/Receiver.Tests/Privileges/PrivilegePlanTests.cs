using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Privileges;

namespace EbpfReceiver.Tests.Privileges;

public class PrivilegePlanTests
{
    private static readonly CapabilitySet s_all = new((1UL << 41) - 1);

    [Theory]
    [InlineData("attach", "6.1", 2, 2, "DAC_READ_SEARCH SYS_PTRACE SYS_NICE SYSLOG PERFMON BPF CHECKPOINT_RESTORE")]
    [InlineData("minimal", "6.1", 2, 2, "DAC_READ_SEARCH SYS_PTRACE SYS_NICE PERFMON CHECKPOINT_RESTORE")]
    [InlineData("minimal", "5.15", 2, 2, "DAC_READ_SEARCH SYS_PTRACE SYS_NICE PERFMON BPF CHECKPOINT_RESTORE")]
    [InlineData("minimal", "5.15", 0, 2, "DAC_READ_SEARCH SYS_PTRACE SYS_NICE PERFMON CHECKPOINT_RESTORE")]
    [InlineData("attach", "5.10", 2, 2, "DAC_READ_SEARCH SYS_PTRACE SYS_NICE SYS_RESOURCE SYSLOG PERFMON BPF CHECKPOINT_RESTORE")]
    [InlineData("attach", "6.1", 2, 4, "DAC_READ_SEARCH SYS_PTRACE SYS_ADMIN SYS_NICE SYSLOG PERFMON BPF CHECKPOINT_RESTORE")]
    [InlineData("minimal", "6.1", 2, 3, "DAC_READ_SEARCH SYS_PTRACE SYS_ADMIN SYS_NICE PERFMON CHECKPOINT_RESTORE")]
    public void Root_keeps_what_is_needed_on_the_kernel_that_runs(
        string choice, string kernel, int unprivileged, int paranoia, string kept)
    {
        var policy = new KernelPolicy { UnprivilegedBpfDisabled = unprivileged, PerfEventParanoid = paranoia };
        PrivilegePlan plan = PrivilegePlan.Of(
            Enum.Parse<PrivilegesAfterAttach>(choice, ignoreCase: true), s_all, policy, Version.Parse(kernel))!;
        Assert.Equal(kept.Split(' ').Select(name => $"CAP_{name}"), plan.Kept.Names);
        Assert.Equal(choice == "attach", plan.MayLoad);
    }

    [Fact]
    public void What_is_not_held_is_not_kept()
    {
        CapabilitySet held = default(CapabilitySet).With(Capability.Bpf).With(Capability.Perfmon).With(Capability.NetAdmin);
        PrivilegePlan plan = PrivilegePlan.Of(PrivilegesAfterAttach.Attach, held, new KernelPolicy(), new Version(6, 1))!;
        Assert.Equal(["CAP_PERFMON", "CAP_BPF"], plan.Kept.Names);
    }

    [Fact]
    public void Where_all_of_it_is_one_capability_that_one_stays()
    {
        CapabilitySet held = default(CapabilitySet).With(Capability.SysAdmin).With(Capability.SysPtrace);
        PrivilegePlan plan = PrivilegePlan.Of(PrivilegesAfterAttach.Minimal, held, new KernelPolicy(), new Version(6, 1))!;
        Assert.Equal(["CAP_SYS_PTRACE", "CAP_SYS_ADMIN"], plan.Kept.Names);
    }

    [Fact]
    public void Keep_is_no_plan() =>
        Assert.Null(PrivilegePlan.Of(PrivilegesAfterAttach.Keep, s_all, new KernelPolicy(), new Version(6, 1)));
}
