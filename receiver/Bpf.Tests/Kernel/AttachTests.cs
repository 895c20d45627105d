using System.Buffers.Binary;
using EbpfReceiver.Bpf.Interop;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class AttachTests
{
    [Theory]
    [InlineData("on_raw_tp", (int)Count.RawTracepoint, KernelFeature.RawTracepoint, "raw_tp sys_enter")]
    [InlineData("on_tp_btf", (int)Count.TpBtf, KernelFeature.TpBtf, "tp_btf sys_enter")]
    [InlineData("on_tracepoint", (int)Count.Tracepoint, KernelFeature.Tracefs, "tracepoint raw_syscalls/sys_enter")]
    [InlineData("on_kprobe", (int)Count.Kprobe, KernelFeature.KprobePerf, "kprobe __x64_sys_getpgid (perf_kprobe)")]
    [InlineData("on_fentry", (int)Count.Fentry, KernelFeature.Fentry, "fentry __x64_sys_getpgid")]
    public void A_program_sees_each_call_while_it_is_attached_and_none_after(
        string program, int count, KernelFeature feature, string description)
    {
        KernelAccess.Require(feature);
        var before = Descriptors.Census();
        using (var attach = KernelAccess.Create("attach", ("target", (uint)Environment.ProcessId)))
        {
            Getpgid.Call(100);
            Assert.Equal(0UL, Counts.Read(attach, (Count)count));
            using (var link = attach.Load(program).Attach())
            {
                Assert.Equal(description, link.Description);
                Getpgid.Call(1234);
                Assert.Equal(1234UL, Counts.Read(attach, (Count)count));
            }

            Getpgid.Call(100);
            Assert.Equal(1234UL, Counts.Read(attach, (Count)count));
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kprobes_by_tracefs_count_the_same_and_take_their_event_away(bool atReturn)
    {
        KernelAccess.Require(KernelFeature.KprobeTracefs);
        var options = new KprobeOptions { AtReturn = atReturn, Method = KprobeMethod.Tracefs };
        var before = Descriptors.Census();
        var events = Events();
        using (var attach = KernelAccess.Create("attach", ("target", (uint)Environment.ProcessId)))
        {
            using (var link = attach.Load("on_kprobe").AttachKprobe("__x64_sys_getpgid", options))
            {
                Assert.Equal($"{(atReturn ? "kretprobe" : "kprobe")} __x64_sys_getpgid (tracefs)", link.Description);
                Assert.Equal(events + 1, Events());
                Getpgid.Call(321);
                Assert.Equal(321UL, Counts.Read(attach, Count.Kprobe));
            }

            Assert.Equal(events, Events());
            Getpgid.Call(10);
            Assert.Equal(321UL, Counts.Read(attach, Count.Kprobe));
            var e = Assert.Throws<BpfSyscallException>(
                () => attach.Load("on_kprobe").AttachKprobe("no_such_function", options));
            Assert.StartsWith("The kernel has no function no_such_function", e.Remedy, StringComparison.Ordinal);
            Assert.Equal(events, Events());
        }

        Assert.Equal(before, Descriptors.Census());

        static int Events()
        {
            var text = new byte[65536];
            var length = Tracefs.Instance.Read("kprobe_events", text);
            Assert.True(length >= 0);
            return text.AsSpan(0, (int)length).Count((byte)'\n');
        }
    }

    [Fact]
    public void A_kretprobe_sees_the_return_of_each_call()
    {
        KernelAccess.Require(KernelFeature.KprobePerf);
        using var attach = KernelAccess.Create("attach", ("target", (uint)Environment.ProcessId));
        using (var link = attach.Load("on_kprobe").AttachKprobe("__x64_sys_getpgid", atReturn: true))
        {
            Assert.Equal("kretprobe __x64_sys_getpgid (perf_kprobe)", link.Description);
            Getpgid.Call(99);
        }

        Assert.Equal(99UL, Counts.Read(attach, Count.Kprobe));
    }

    [Fact]
    public void Programs_attach_by_ioctl_where_the_kernel_has_no_links_of_perf_events()
    {
        KernelAccess.Require(KernelFeature.Tracefs);
        var before = Descriptors.Census();
        using (var attach = KernelAccess.Create("attach", ("target", (uint)Environment.ProcessId)))
        {
            var program = attach.Load("on_tracepoint");
            var attribute = new PerfEventAttribute
            {
                Type = PerfEventAttribute.TypeTracepoint,
                Config = (ulong)Tracefs.Instance.EventId("raw_syscalls", "sys_enter"),
            };
            var perfEvent = FileDescriptor.Adopt(PerfSyscall.Open(ref attribute, pid: -1, cpu: 0));
            using (PerfEventLink.Attach(program.Descriptor, perfEvent, "by ioctl", byLink: false))
                Getpgid.Call(55);
            Getpgid.Call(55);
            Assert.Equal(55UL, Counts.Read(attach, Count.Tracepoint));
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Fact]
    public void A_link_outlives_the_object_it_came_from()
    {
        KernelAccess.Require(KernelFeature.RawTracepoint);
        var attach = KernelAccess.Create("attach", ("target", (uint)Environment.ProcessId));
        var program = attach.Load("on_raw_tp");
        var id = program.Id;
        using (program.Attach())
        {
            attach.Dispose();
            if (Bpftool.IsThere)
                Assert.Equal(0, Bpftool.Run("prog", "show", "id", $"{id}").ExitCode);
        }

        Assert.SkipUnless(Bpftool.IsThere, "Needs bpftool and CAP_SYS_ADMIN.");
        // The kernel lets go of a closed link a grace period later.
        Eventually.Holds(() => Bpftool.Run("prog", "show", "id", $"{id}").ExitCode != 0);
    }

    [Fact]
    public void Uprobes_of_one_process_count_its_calls_of_libc_and_see_what_they_return()
    {
        KernelAccess.RequireUprobes();
        using var attach = KernelAccess.Create("attach");
        using var target = new TargetProcess(500);
        var libc = SharedLibraries.Locate("libc.so.6");
        var offset = ElfSymbols.Resolve(libc, "getpgid");
        using (var entry = attach.Load("on_uprobe").AttachUprobe(libc, offset, atReturn: false, target.Id))
        using (attach.Load("on_uretprobe").AttachUprobe(libc, offset, atReturn: true, target.Id))
        {
            Assert.StartsWith($"uprobe {libc}+0x{offset:x} (", entry.Description);
            target.CallNow();
        }

        Assert.Equal(500UL, Counts.Read(attach, Count.Uprobe));
        Assert.Equal(500UL, Counts.Read(attach, Count.Uretprobe));
        var group = (ulong)(int)Tmds.Linux.LibC.getpgid(target.Id);
        Assert.Equal(500 * group, Counts.Read(attach, Count.Returned));
    }

    [Fact]
    public void Uprobes_of_a_file_see_every_process_that_runs_it_also_those_that_start_later()
    {
        KernelAccess.RequireUprobes();
        using var attach = KernelAccess.Create("attach");
        var offset = ElfSymbols.Resolve(TargetProcess.Executable, "probed_function");
        using (attach.Load("on_uprobe").AttachUprobe(TargetProcess.Executable, offset, atReturn: false))
        using (attach.Load("on_uretprobe").AttachUprobe(TargetProcess.Executable, offset, atReturn: true))
        {
            using var first = new TargetProcess(30);
            using var second = new TargetProcess(12);
            first.CallNow();
            second.CallNow();
        }

        using (var third = new TargetProcess(100))
            third.CallNow();
        Assert.Equal(42UL, Counts.Read(attach, Count.Uprobe));
        Assert.Equal(42UL, Counts.Read(attach, Count.Uretprobe));
        // probed_function(i) is 2 i.
        Assert.Equal(30UL * 29 + 12 * 11, Counts.Read(attach, Count.Returned));
    }

    [Fact]
    public void A_uprobe_section_names_the_library_and_the_symbol()
    {
        KernelAccess.RequireUprobes();
        using var attach = KernelAccess.Create("attach");
        using var link = attach.Load("on_uprobe").Attach();
        Assert.StartsWith("uprobe /", link.Description, StringComparison.Ordinal);
        Assert.Contains("/libc.so.6+0x", link.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_runs_a_program_on_every_cpu()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var before = Descriptors.Census();
        using (var attach = KernelAccess.Create("attach"))
        {
            using (attach.Load("on_clock").AttachClock(100))
            {
                var end = Environment.TickCount64 + 120_000;
                while (Counts.Read(attach, Count.Clock) < 10 && Environment.TickCount64 < end)
                    Thread.SpinWait(1000); // the clock of an idle CPU does not tick
            }

            Assert.InRange(Counts.Read(attach, Count.Clock), 10UL, 100_000UL);
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Fact]
    public void Global_variables_start_with_what_the_object_says_and_constants_are_frozen()
    {
        KernelAccess.Require();
        using var attach = KernelAccess.Create("attach", ("target", 0x12345678u));
        var rodata = attach.Map(".rodata");
        var value = new byte[rodata.EntryBytes];
        Assert.True(rodata.TryLookup(new byte[4], value));
        Assert.Equal(0x12345678u, BinaryPrimitives.ReadUInt32LittleEndian(value));
        var refused = Assert.Throws<BpfSyscallException>(() => rodata.Update(new byte[4], value));
        Assert.Equal("EPERM", refused.ErrorName);

        var data = attach.Map(".data");
        value = new byte[data.EntryBytes];
        Assert.True(data.TryLookup(new byte[4], value));
        Assert.Equal(42UL, BinaryPrimitives.ReadUInt64LittleEndian(value));
    }

    [Fact]
    public void The_kernel_knows_programs_by_name_with_their_functions_and_lines()
    {
        KernelAccess.Require();
        Assert.SkipUnless(Bpftool.IsThere, "Needs bpftool and CAP_SYS_ADMIN.");
        using var attach = KernelAccess.Create("attach");
        Assert.Null(attach.TypesProblem);
        var program = attach.Load("on_raw_tp");
        var info = program.Info();
        var (exit, json) = Bpftool.Run("prog", "show", "id", $"{program.Id}");
        Assert.Equal(0, exit);
        Assert.Equal("on_raw_tp", info.Name);
        Assert.Equal("on_raw_tp", json.GetProperty("name").GetString());
        Assert.Equal(json.GetProperty("tag").GetString(), info.Tag);
        Assert.Equal(json.GetProperty("bytes_xlated").GetInt32(), info.TranslatedBytes);
        Assert.True(json.GetProperty("btf_id").GetInt32() > 0);
        var lines = Bpftool.Run("prog", "dump", "xlated", "id", $"{program.Id}", "linum").Json;
        Assert.Contains("SYSCALL_GETPGID", lines.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_statistics_count_the_runs_of_a_program()
    {
        KernelAccess.Require(KernelFeature.RunStatistics);
        KernelAccess.RequireUprobes();
        using var attach = KernelAccess.Create("attach");
        var program = attach.Load("on_uprobe");
        var offset = ElfSymbols.Resolve(TargetProcess.Executable, "probed_function");
        using var target = new TargetProcess(77);
        using (BpfRunStatistics.Enable())
        using (program.AttachUprobe(TargetProcess.Executable, offset, atReturn: false))
            target.CallNow();
        Assert.Equal(77, program.Info().RunCount);
        Assert.True(program.Info().RunTime > TimeSpan.Zero);
    }
}
