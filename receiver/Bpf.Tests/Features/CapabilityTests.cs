using Xunit;

namespace EbpfReceiver.Bpf.Tests.Features;

public sealed class CapabilityTests
{
    [Fact]
    public void Effective_capabilities_are_read_by_name()
    {
        var set = CapabilitySet.Parse("Name:\tx\nCapInh:\t0000000000000000\nCapPrm:\tffffffffffffffff\nCapEff:\t000001c000280004\n");
        Assert.Equal(["CAP_DAC_READ_SEARCH", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE"],
            set.Names);
        Assert.True(set.Has(Capability.Bpf));
        Assert.False(set.Has(Capability.SysResource));
    }

    [Fact]
    public void A_status_without_the_line_has_none() => Assert.Empty(CapabilitySet.Parse("Name:\tx\nCapEff:\tnonsense").Names);

    [Theory]
    [InlineData(1UL << 21, true)]
    [InlineData(1UL << 38 | 1UL << 39, true)]
    [InlineData(1UL << 39, false)]
    [InlineData(1UL << 38, false)]
    [InlineData(0UL, false)]
    public void Tracing_takes_bpf_and_perfmon_or_admin(ulong bits, bool can) => Assert.Equal(can, new CapabilitySet(bits).CanTrace);

    [Fact]
    public void A_bit_without_a_name_is_named_by_its_number() => Assert.Equal(["CAP_41"], new CapabilitySet(1UL << 41).Names);

    [Fact]
    public void What_refuses_is_told_apart()
    {
        Assert.Equal("This process lacks CAP_BPF and CAP_PERFMON (before Linux 5.8: CAP_SYS_ADMIN).",
            PermissionAdvice.ForTracing(default, "none", false));
        Assert.Equal("This process lacks CAP_PERFMON (before Linux 5.8: CAP_SYS_ADMIN).",
            PermissionAdvice.ForTracing(new(1UL << 39), null, false));
        Assert.StartsWith(
            "This process has CAP_BPF and CAP_PERFMON, so the kernel asks for CAP_SYS_ADMIN here, or a policy refuses it",
            PermissionAdvice.ForTracing(new(1UL << 38 | 1UL << 39), null, false), StringComparison.Ordinal);
        var all = new CapabilitySet(ulong.MaxValue);
        Assert.StartsWith("This process is in a user namespace", PermissionAdvice.ForTracing(all, null, true), StringComparison.Ordinal);
        Assert.EndsWith("the kernel is locked down (mode integrity).", PermissionAdvice.ForTracing(all, "integrity", false),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "a policy refuses it (kernel lockdown, a security module or a seccomp filter).", PermissionAdvice.ForTracing(all, null, false),
                StringComparison.Ordinal);
    }
}
