using System.Text.Json;
using EbpfReceiver.Bpf.Tests.Kernel;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Features;

[Collection(KernelCollection.Name)]
public sealed class FeatureClaimTests
{
    [Fact]
    public void Every_feature_has_a_claim_and_no_claim_is_made_twice()
    {
        Assert.Equal(Enum.GetValues<KernelFeature>(), KernelFeatures.All.Where(c => c.Feature is not null).Select(c => c.Feature!.Value).Order());
        Assert.Equal(KernelFeatures.All.Count, KernelFeatures.All.Select(c => c.Name).Distinct().Count());
        Assert.All(KernelFeatures.All, c => Assert.Matches(@"^\d\.\d+$", c.MinimumKernel));
    }

    [Fact]
    public void Types_of_programs_and_maps_are_those_that_bpftool_finds()
    {
        KernelAccess.Require();
        Assert.SkipUnless(Bpftool.IsThere, "Needs bpftool and CAP_SYS_ADMIN.");
        var (exit, json) = Bpftool.Run("feature", "probe", "kernel");
        Assert.Equal(0, exit);
        foreach (var (type, name) in (IEnumerable<(BpfProgramType, string)>)
            [
                (BpfProgramType.SocketFilter, "socket_filter"), (BpfProgramType.Kprobe, "kprobe"), (BpfProgramType.SchedClassifier, "sched_cls"),
                (BpfProgramType.Tracepoint, "tracepoint"), (BpfProgramType.Xdp, "xdp"), (BpfProgramType.PerfEvent, "perf_event"),
                (BpfProgramType.CgroupSkb, "cgroup_skb"), (BpfProgramType.CgroupSock, "cgroup_sock"), (BpfProgramType.SockOps, "sock_ops"),
                (BpfProgramType.SkSkb, "sk_skb"), (BpfProgramType.SkMessage, "sk_msg"), (BpfProgramType.RawTracepoint, "raw_tracepoint"),
                (BpfProgramType.CgroupSockAddr, "cgroup_sock_addr"), (BpfProgramType.SkReuseport, "sk_reuseport"),
                (BpfProgramType.CgroupSysctl, "cgroup_sysctl"), (BpfProgramType.CgroupSockOpt, "cgroup_sockopt"),
                (BpfProgramType.SkLookup, "sk_lookup"),
            ])
            Assert.Equal((type, Found(json, "program_types", $"have_{name}_prog_type")), (type, KernelFeatures.Probe(type).IsAvailable));
        foreach (var (type, name) in (IEnumerable<(BpfMapType, string)>)
            [
                (BpfMapType.Hash, "hash"), (BpfMapType.ProgramArray, "prog_array"), (BpfMapType.PerCpuArray, "percpu_array"),
                (BpfMapType.StackTrace, "stack_trace"), (BpfMapType.CgroupArray, "cgroup_array"), (BpfMapType.LruPerCpuHash, "lru_percpu_hash"),
                (BpfMapType.LpmTrie, "lpm_trie"), (BpfMapType.ArrayOfMaps, "array_of_maps"), (BpfMapType.HashOfMaps, "hash_of_maps"),
                (BpfMapType.SockMap, "sockmap"), (BpfMapType.SockHash, "sockhash"), (BpfMapType.Queue, "queue"), (BpfMapType.Stack, "stack"),
                (BpfMapType.SkStorage, "sk_storage"), (BpfMapType.RingBuffer, "ringbuf"),
            ])
            Assert.Equal((type, Found(json, "map_types", $"have_{name}_map_type")), (type, KernelFeatures.Probe(type).IsAvailable));
    }

    [Theory]
    [InlineData(BpfHelper.ReadKernel, true)]
    [InlineData(BpfHelper.KtimeGetCoarseNs, true)]
    [InlineData((BpfHelper)9999, false)]
    public void A_helper_is_known_or_not(BpfHelper helper, bool known)
    {
        KernelAccess.Require(KernelFeature.CgroupMemoryAccounting);
        var result = KernelFeatures.Probe(helper);
        Assert.Equal((known, $"helper {helper}"), (result.IsAvailable, result.Claim.Name));
    }

    [Fact]
    public void What_a_policy_is_is_read_from_what_the_kernel_shows()
    {
        Assert.Equal("integrity", KernelPolicy.Bracketed("none [integrity] confidentiality\n"));
        Assert.Null(KernelPolicy.Bracketed("nonsense"));
        Assert.True(KernelPolicy.Seccomp("Name:\tx\nSeccomp:\t2\n"));
        Assert.False(KernelPolicy.Seccomp("Seccomp:\t0\nSeccomp_filters:\t0\n"));
        Assert.Null(KernelPolicy.Seccomp(""));
        Assert.False(KernelPolicy.IsMapped("         0          0 4294967295\n"));
        Assert.True(KernelPolicy.IsMapped("         0     100000      65536\n"));
    }

    [Fact]
    public void A_refusal_names_the_capability_or_what_is_in_force()
    {
        Assert.Equal("This process lacks CAP_BPF and CAP_NET_ADMIN.",
            PermissionAdvice.Of(default, new KernelPolicy(), Capability.Bpf, Capability.NetAdmin));
        Assert.Equal(
            "This process has the capabilities, so a policy refuses it: a seccomp filter is on this process, as container engines put one, and of "
            + "security modules there is apparmor.",
            PermissionAdvice.Of(
                new(ulong.MaxValue), new KernelPolicy { HasSeccompFilter = true, SecurityModules = ["apparmor"] }, Capability.Bpf));
    }

    private static bool Found(JsonElement json, string section, string name) => json.GetProperty(section).GetProperty(name).GetBoolean();
}
