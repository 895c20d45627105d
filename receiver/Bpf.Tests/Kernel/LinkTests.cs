using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;
using Tmds.Linux;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class LinkTests
{
    private const int Calls = 40;
    private const ulong Cookie = 0xfedcba9876543210;

    [Theory]
    [InlineData("on_tracepoint", BpfLinkType.PerfEvent, KernelFeature.PerfEventLink)]
    [InlineData("on_raw_tp", BpfLinkType.RawTracepoint, KernelFeature.RawTracepointCookie)]
    [InlineData("on_tp_btf", BpfLinkType.RawTracepoint, KernelFeature.RawTracepointCookie)]
    public void A_program_is_told_its_cookie_and_the_kernel_tells_of_the_link(string name, BpfLinkType type, KernelFeature feature)
    {
        KernelAccess.Require(feature);
        using var links = Create();
        var program = links.Load(name);
        using (var link = name switch
        {
            "on_tracepoint" => program.AttachTracepoint("raw_syscalls", "sys_enter", Cookie),
            "on_raw_tp" => program.AttachRawTracepoint("sys_enter", Cookie),
            _ => program.AttachTpBtf(Cookie),
        })
        {
            Getpgid.Call(Calls);
            var info = link.Info();
            Assert.Equal((type, program.Id, 1), (info.Type, info.ProgramId, info.Count));
            Assert.Equal(type == BpfLinkType.PerfEvent ? Cookie : info.Cookie, info.Cookie);
            Assert.True(info.Id > 0);
        }

        Assert.Equal((Cookie, (ulong)Calls), (Globals.Number(links, "cookie"), Globals.Number(links, "runs")));
    }

    [Theory]
    [InlineData(default(BpfAttachType), KernelFeature.UprobeMulti)]
    [InlineData(BpfAttachType.PerfEvent, KernelFeature.UprobePerf)]
    public void A_uprobe_has_a_cookie_by_either_means(BpfAttachType means, KernelFeature feature)
    {
        KernelAccess.Require(feature);
        KernelAccess.Require(KernelFeature.PerfEventLink);
        using var links = Create(means);
        using (links.Load("on_uprobe").AttachUprobe(TargetProcess.Executable, "probed_function", new UprobeOptions { Cookie = Cookie }))
            Call();
        Assert.Equal((Cookie, (ulong)Calls), (Globals.Number(links, "cookie"), Globals.Number(links, "runs")));
    }

    [Fact]
    public void One_link_is_at_many_places_each_with_its_cookie()
    {
        KernelAccess.Require(KernelFeature.UprobeMulti);
        using var links = Create();
        var options = new UprobeMultiOptions { Symbols = ["probed_function", "main"], Cookies = [3, 1000] };
        using (var link = links.Load("on_uprobe_multi").AttachUprobeMulti(TargetProcess.Executable, options))
        {
            Assert.Equal((BpfLinkType.UprobeMulti, 2), (link.Info().Type, link.Info().Count));
            Assert.EndsWith(":2 functions", link.Description, StringComparison.Ordinal);
            Call();
        }

        Assert.Equal(3UL * Calls + 1000, Globals.Number(links, "cookies"));
    }

    [Fact]
    public void A_pattern_names_the_functions_of_a_file()
    {
        KernelAccess.Require(KernelFeature.UprobeMulti);
        using var links = Create();
        using (links.Load("on_uretprobe_multi").AttachUprobeMulti(TargetProcess.Executable, new() { Pattern = "probed_?unct*" }))
            Call();
        Assert.Equal((ulong)Calls, Globals.Number(links, "runs"));
        Assert.Equal((ulong)(Calls * (Calls - 1)), Globals.Number(links, "returned"));
        var e = Assert.Throws<BpfException>(
            () => links.Load("on_uretprobe_multi").AttachUprobeMulti(TargetProcess.Executable, new() { Pattern = "no_such*" }));
        Assert.EndsWith("the file defines no function with such a name.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_sees_entry_and_return()
    {
        KernelAccess.Require(KernelFeature.UprobeSession);
        using var links = Create();
        using (links.Load("on_uprobe_session").AttachUprobeMulti(TargetProcess.Executable, new() { Symbols = ["probed_function"] }))
            Call();
        Assert.Equal(2UL * Calls, Globals.Number(links, "runs"));
    }

    [Fact]
    public void A_pinned_link_outlives_its_object_and_is_opened_again()
    {
        KernelAccess.Require(KernelFeature.RawTracepointCookie);
        var mounted = FileSyscalls.MountDetached("bpf");
        Assert.SkipUnless(mounted >= 0, "Needs CAP_SYS_ADMIN to mount a bpf file system.");
        using var mount = FileDescriptor.Adopt(mounted);
        using var lease = mount.Lease();
        var path = $"/proc/self/fd/{lease.Fd}/link";
        using var links = Create();
        int id;
        using (var link = links.Load("on_raw_tp").AttachRawTracepoint("sys_enter", 7))
        {
            id = link.Info().Id;
            link.Pin(path);
            Assert.True(link.IsPinned);
            Assert.Equal("EEXIST", Assert.Throws<BpfSyscallException>(() => link.Pin(path)).ErrorName);
        }

        Getpgid.Call(Calls);
        using (var again = BpfLink.OpenPinned(path))
        {
            Assert.Equal((id, BpfLinkType.RawTracepoint), (again.Info().Id, again.Info().Type));
            File.Delete(path);
            Getpgid.Call(Calls);
        }

        Assert.Equal(2UL * Calls, Globals.Number(links, "runs"));
        Assert.Equal("There is no such path.", Assert.Throws<BpfSyscallException>(() => BpfLink.OpenPinned(path)).Remedy);
        using var unpinned = links.Load("on_raw_tp").AttachRawTracepoint("sys_enter");
        Assert.StartsWith("The path has to be in a bpf file system",
            Assert.Throws<BpfSyscallException>(() => unpinned.Pin("/tmp/no-bpf-file-system")).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_iterator_is_read_as_a_stream()
    {
        KernelAccess.Require(KernelFeature.Iterator);
        using var links = Create();
        using (var all = links.Load("on_task").AttachIterator())
        {
            Assert.Contains(Walk(all), t => t.Process == Environment.ProcessId);
            Assert.Equal(BpfLinkType.Iterator, all.Info().Type);
        }

        using var own = links.Load("on_task").AttachIterator(new() { ProcessId = Environment.ProcessId });
        var threads = Walk(own);
        Assert.All(threads, t => Assert.Equal(Environment.ProcessId, t.Process));
        Assert.Contains((Environment.ProcessId, Environment.ProcessId), threads);
    }

    [Fact]
    public void An_event_that_the_kernel_counts_runs_a_program_for_one_process()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        using var links = Create();
        var options = PerfEventOptions.Software(PerfSoftwareEvent.PageFaults, 1) with { ProcessId = Environment.ProcessId, Cookie = 5 };
        using (var link = links.Load("on_event").AttachPerfEvent(options))
        {
            Assert.Equal("PageFaults every 1", link.Description.Split(" of thread")[0]);
            for (var i = 0; i < Calls; i++)
                TouchNewPage();
        }

        Assert.True(Globals.Number(links, "runs") >= Calls, $"{Globals.Number(links, "runs")} page faults");
        // The kernel gives a thread that begins meanwhile the program, but not the cookie.
        Assert.InRange(Globals.Number(links, "cookies"), 5UL, 5 * Globals.Number(links, "runs"));

        // Of the kernel's, since the runtime's heap gives memory again that was touched before.
        static unsafe void TouchNewPage()
        {
            var page = (byte*)LibC.mmap(null, (size_t)(ulong)Environment.SystemPageSize, 3, 0x22, -1, 0); // private, anonymous
            Assert.NotEqual(-1, (nint)page);
            *page = 1;
            Assert.Equal(0, LibC.munmap(page, (size_t)(ulong)Environment.SystemPageSize));
        }
    }

    [Fact]
    public void What_a_cgroup_sends_is_seen()
    {
        KernelAccess.Require(KernelFeature.CgroupLink);
        var mounted = FileSyscalls.MountDetached("cgroup2");
        Assert.SkipUnless(mounted >= 0, "This machine has no cgroups of version 2.");
        using var mount = FileDescriptor.Adopt(mounted);
        using var lease = mount.Lease();
        using var links = Create();
        using (var link = links.Load("on_egress").AttachCgroup($"/proc/self/fd/{lease.Fd}"))
        {
            Assert.Equal((BpfLinkType.Cgroup, BpfAttachType.CgroupInetEgress), (link.Info().Type, link.Info().AttachType));
            using var socket = new UdpClient();
            for (var i = 0; i < Calls; i++)
                socket.Send([1], 1, new IPEndPoint(IPAddress.Loopback, 9));
        }

        Assert.True(Globals.Number(links, "runs") >= Calls, $"{Globals.Number(links, "runs")} packets");
        var e = Assert.Throws<BpfSyscallException>(() => links.Load("on_egress").AttachCgroup("/tmp"));
        Assert.Equal(("EBADF", "/tmp is not a directory of cgroup version 2."), (e.ErrorName, e.Remedy));
    }

    [Fact]
    public void A_section_that_names_no_target_is_answered_with_one_that_does()
    {
        KernelAccess.Require();
        using var links = Create();
        Assert.Equal(
            "The section uprobe of program on_uprobe does not say where to attach it: uprobe/FILE:FUNCTION does, or AttachUprobe.",
            Assert.Throws<BpfException>(() => links.Load("on_uprobe").Attach()).Message);
        Assert.Equal(
            "The section perf_event of program on_event does not say where to attach it: AttachClock and AttachPerfEvent do.",
            Assert.Throws<BpfException>(() => links.Load("on_event").Attach()).Message);
    }

    [Fact]
    public void What_can_not_be_done_is_refused_before_the_kernel_is_asked()
    {
        KernelAccess.Require();
        using var links = Create();
        var kprobe = links.Load("on_kprobe");
        Assert.Contains("a return is watched from the start of the function",
            Refusal(() => kprobe.AttachKprobe("f", new KprobeOptions { AtReturn = true, Offset = 4 })), StringComparison.Ordinal);
        Assert.Contains("only returns have a number that may be waited for",
            Refusal(() => kprobe.AttachKprobe("f", new KprobeOptions { MaximumActive = 4 })), StringComparison.Ordinal);
        Assert.Contains("takes either symbols, or addresses, or a pattern; 0 of them are given",
            Refusal(() => kprobe.AttachKprobeMulti(new KprobeMultiOptions())), StringComparison.Ordinal);
        Assert.Contains("takes either a period or a frequency",
            Refusal(() => links.Load("on_event").AttachPerfEvent(new PerfEventOptions())), StringComparison.Ordinal);
        Assert.Contains("there is no process 2000000000",
            Refusal(() => links.Load("on_event").AttachPerfEvent(new PerfEventOptions { Period = 1, ProcessId = 2_000_000_000 })),
            StringComparison.Ordinal);

        static string Refusal(Func<BpfLink> attach) => Assert.ThrowsAny<BpfException>(attach).Message;
    }

    [Fact]
    public void The_kernel_function_of_a_system_call_is_found_also_without_kprobes()
        => Assert.Equal(
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "__arm64_sys_getpgid" : "__x64_sys_getpgid",
            SyscallFunctions.NameOf("getpgid"));

    private static BpfObject Create(BpfAttachType uprobes = default)
    {
        var spec = KernelAccess.Spec("links");
        spec.SetConstant("target", (uint)Environment.ProcessId);
        spec.Program("on_uprobe").ExpectedAttachType = uprobes;
        return BpfObject.Create(spec, new BpfObjectOptions { KernelTypes = KernelAccess.KernelTypes });
    }

    private static void Call()
    {
        using var target = new TargetProcess(Calls);
        target.CallNow();
    }

    private static (int Process, int Thread)[] Walk(BpfIterator iterator)
    {
        using var stream = iterator.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return MemoryMarshal.Cast<byte, (int, int)>(bytes.ToArray()).ToArray();
    }
}
