using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Probes;
using EbpfReceiver.Probes.Dns;
using EbpfReceiver.Probes.Libraries;
using EbpfReceiver.Probes.Sched;
using EbpfReceiver.Probes.Tls;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Tests.Probes;

public class HookPlanTests
{
    public static TheoryData<string> Objects => ["process", "tcp", "dns", "tls", "block", "sched"];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_hook_lists_its_alternatives_best_first(string probe)
    {
        IReadOnlyList<HookPlan> hooks = HookPlan.Of(EmbeddedObjects.Read(probe).Programs);
        Assert.NotEmpty(hooks);
        Assert.All(hooks, hook =>
        {
            int[] ranks = [.. hook.Alternatives.Select(a => AttachLadder.RankOf(a.Kind))];
            Assert.Equal(ranks.Order(), ranks);
        });
        Assert.Equal(EmbeddedObjects.Read(probe).Programs.Count, hooks.Sum(h => h.Alternatives.Sum(a => a.Programs.Count)));
    }

    [Fact]
    public void Programs_of_one_alternative_stay_together()
    {
        HookPlan wakeup = HookPlan.Of(EmbeddedObjects.Read("sched").Programs).Single(h => h.Name == "wakeup");
        Assert.Equal(["tp_btf/sched_wakeup", "tp_btf/sched_wakeup_new"], wakeup.Alternatives[0].Programs.Select(p => p.SectionName));
        Assert.False(wakeup.IsInLibraries);
    }

    [Theory]
    [InlineData(AttachPreference.Auto, ProgramKind.TpBtf, true)]
    [InlineData(AttachPreference.Kprobe, ProgramKind.TpBtf, false)]
    [InlineData(AttachPreference.Kprobe, ProgramKind.Kretprobe, true)]
    [InlineData(AttachPreference.Kprobe, ProgramKind.Uprobe, true)]
    [InlineData(AttachPreference.Tracepoint, ProgramKind.RawTracepoint, false)]
    [InlineData(AttachPreference.RawTp, ProgramKind.RawTracepoint, true)]
    public void A_forced_kind_leaves_uprobes_alone(AttachPreference preference, ProgramKind kind, bool allowed) =>
        Assert.Equal(allowed, AttachLadder.Allows(preference, kind));

    [Theory]
    [InlineData("libssl.so.3", true)]
    [InlineData("libssl.so.1.1", true)]
    [InlineData("libssl-0a1b2c3d.so.1.1", true)]
    [InlineData("libssl3.so", false)]
    [InlineData("libcrypto.so.3", false)]
    public void OpenSSL_is_known_by_its_name(string name, bool known) => Assert.Equal(known, TlsProbe.IsLibssl(name));

    [Theory]
    [InlineData("libc.so.6", true)]
    [InlineData("libc-2.31.so", true)]
    [InlineData("ld-musl-x86_64.so.1", true)]
    [InlineData("libcrypt.so.1", false)]
    public void The_C_library_is_known_by_its_name(string name, bool known) => Assert.Equal(known, DnsProbe.IsLibc(name));

    [Fact]
    public void Executable_mappings_of_files_are_read()
    {
        Assert.True(MappedFile.TryParse("7f0a1000-7f0a2000 r-xp 00026000 fd:01 1234567                    /usr/lib/a b.so.6 (deleted)"u8, out MappedFile file));
        Assert.Equal(new MappedFile("7f0a1000-7f0a2000", new FileId(0xfd, 1, 1234567), "/usr/lib/a b.so.6", true), file);
        Assert.False(MappedFile.TryParse("7f0a1000-7f0a2000 r--p 00026000 fd:01 1234567 /usr/lib/a.so"u8, out _));
        Assert.False(MappedFile.TryParse("7ffd1000-7ffd2000 r-xp 00000000 00:00 0                          [vdso]"u8, out _));
        byte[] line = "7f0a1000-7f0a2000 r-xp 00026000 fd:01 1234567 /x"u8.ToArray();
        for (int length = 0; length < line.Length - 1; length++) Assert.False(MappedFile.TryParse(line.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_file_is_the_same_by_every_name()
    {
        string libc = SharedLibraries.Locate("libc.so.6");
        Assert.True(FileId.TryOf(libc, out FileId id));
        Assert.True(FileId.TryOf("/proc/self/root" + libc, out FileId again));
        Assert.Equal(id, again);
        Assert.False(FileId.TryOf("/nonexistent", out _));
    }

    [Theory]
    [InlineData("0.10 0.20 0.30 3/1234 5678\n", 1234)]
    [InlineData("garbage", 0)]
    public void Threads_are_counted_by_the_load_average(string text, int threads) => Assert.Equal(threads, SchedProbe.ThreadsOf(text));

    [Theory]
    [InlineData(SampleKind.TcpConnection, "tcp_connection")]
    [InlineData(SampleKind.ProcessExec, "process_exec")]
    public void Kinds_are_called_as_in_the_header(SampleKind kind, string name) => Assert.Equal(name, SampleAccounting.NameOf(kind));
}
