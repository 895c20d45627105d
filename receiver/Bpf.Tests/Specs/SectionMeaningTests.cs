using Xunit;

namespace EbpfReceiver.Bpf.Tests;

public sealed class SectionMeaningTests
{
    private const uint Sleepable = 16;
    private const uint HasFragments = 32;

    [Theory]
    [InlineData("kprobe.session/vfs_*", ProgramKind.KprobeSession, BpfProgramType.Kprobe, BpfAttachType.TraceKprobeSession, "vfs_*", 0u)]
    [InlineData("uprobe.multi.s/libc:mall*", ProgramKind.UprobeMulti, BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti, "libc:mall*", Sleepable)]
    [InlineData("raw_tp.w/nbd_send", ProgramKind.RawTracepointWritable, BpfProgramType.RawTracepointWritable, default(BpfAttachType), "nbd_send", 0u)]
    [InlineData("cgroup/connect4", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect, "", 0u)]
    [InlineData("tc/egress", ProgramKind.Classifier, BpfProgramType.SchedClassifier, BpfAttachType.TcxEgress, "", 0u)]
    [InlineData("xdp.frags/devmap", ProgramKind.Xdp, BpfProgramType.Xdp, BpfAttachType.XdpDeviceMap, "", HasFragments)]
    [InlineData("xdp.frags", ProgramKind.Xdp, BpfProgramType.Xdp, BpfAttachType.Xdp, "", HasFragments)]
    [InlineData("iter.s/task", ProgramKind.Iterator, BpfProgramType.Tracing, BpfAttachType.TraceIterator, "task", Sleepable)]
    [InlineData("syscall", ProgramKind.Syscall, BpfProgramType.Syscall, default(BpfAttachType), "", Sleepable)]
    [InlineData("something/else", ProgramKind.Unspecified, BpfProgramType.Unspecified, default(BpfAttachType), "else", 0u)]
    public void A_section_name_says_what_the_program_is(
        string section, ProgramKind kind, BpfProgramType type, BpfAttachType attachType, string target, uint flags)
    {
        Assert.Equal(new SectionMeaning(kind, type, attachType, target, flags), SectionMeaning.Of(section));
        Assert.Equal(new SectionMeaning(kind, type, attachType, target, flags, AutoLoad: false), SectionMeaning.Of("?" + section));
    }
}
