using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>Ways to attach that came later, cookies, many places at once (Objects/links.bpf.c and usdt.bpf.c).</summary>
internal static class LinkCases
{
    private const int Calls = 57;
    private const ulong Cookie = 0xc00c1e0000000042;

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("attach.kprobe_tracefs",
            run => OfGetpgid(run, "on_kprobe", program => program.AttachKprobe(Getpgid, new KprobeOptions { Method = KprobeMethod.Tracefs }))),
        new("attach.kretprobe_tracefs", run => OfGetpgid(run, "on_kprobe",
            program => program.AttachKprobe(Getpgid, new KprobeOptions { Method = KprobeMethod.Tracefs, AtReturn = true }))),
        new("attach.kprobe_multi", run => OfGetpgid(run, "on_kprobe_multi", program => program.Attach())),
        new("attach.kretprobe_multi", run => OfGetpgid(run, "on_kretprobe_multi", program => program.Attach())),
        new("attach.kprobe_session", run => OfGetpgid(run, "on_kprobe_session", program => program.Attach(), 2)),
        new("attach.ksyscall", run => OfGetpgid(run, "on_ksyscall", program => program.Attach())),
        new("attach.kretsyscall", run => OfGetpgid(run, "on_kretsyscall", program => program.Attach())),
        new("cookie.kprobe",
            run => OfGetpgid(run, "kprobe_cookie", program => program.AttachKprobe(Getpgid, new KprobeOptions { Cookie = Cookie }))),
        new("cookie.tracepoint",
            run => OfGetpgid(run, "tracepoint_cookie", program => program.AttachTracepoint("syscalls", "sys_enter_getpgid", Cookie))),
        new("cookie.fentry", run => OfGetpgid(run, "fentry_cookie", program => program.AttachTrampoline(Cookie))),
        new("cookie.raw_tp", RawTracepointCookie),
        new("cookie.uprobe", UprobeCookie),
        new("attach.uprobe_multi", UprobeMulti),
        new("attach.uretprobe_multi", UretprobeMulti),
        new("attach.uprobe_session", UprobeSession),
        new("attach.usdt", run => Usdt(run, "hit", "usdt")),
        new("attach.usdt_semaphore", run => Usdt(run, "guarded", "guarded")),
        new("attach.page_faults", PageFaults),
        new("attach.iterator", Iterator),
        new("attach.cgroup", CgroupEgress),
    ];

    public static string Getpgid => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "__arm64_sys_getpgid" : "__x64_sys_getpgid";

    private static CheckedObject Create(string name, int probed = 0)
    {
        var spec = CaseRun.Spec(name);
        spec.SetConstant("probed", (uint)probed);
        if (name == "links")
            spec.SetConstant("expected_cookie", Cookie);
        return CaseRun.Create(spec);
    }

    private static void OfGetpgid(CaseRun run, string program, Func<BpfProgram, BpfLink> attach, uint runsOfCall = 1)
    {
        using var links = Create("links");
        var loaded = links.Object.Load(program);
        CaseRun.Trigger(5);
        using (var link = attach(loaded))
        {
            run.Fact("link", link.Description);
            CaseRun.Trigger(Calls);
        }

        CaseRun.Trigger(5);
        links.Passed(program, runsOfCall * Calls);
    }

    private static void RawTracepointCookie(CaseRun run)
    {
        using var links = Create("links");
        using (var link = links.Object.Load("raw_tp_cookie").AttachRawTracepoint("task_rename", Cookie))
        {
            run.Fact("link", link.Description);
            CaseRun.Equal(0, SystemCall.SetName("loader-cases\0"u8), "prctl(PR_SET_NAME)");
        }

        links.Passed("raw_tp_cookie", 1);
    }

    private static void UprobeCookie(CaseRun run) => OfProbed(run, "uprobe_cookie", Calls, (program, probed) =>
        program.AttachUprobe(run.Probed, "probed_function", new UprobeOptions { ProcessId = probed, Cookie = Cookie }));

    private static void UprobeMulti(CaseRun run)
    {
        var verdict = OfProbed(run, "on_uprobe_multi", 2 * Calls, (program, probed) => program.AttachUprobeMulti(run.Probed,
            new UprobeMultiOptions { Symbols = ["probed_function", "probed_other"], Cookies = [1, 2], ProcessId = probed }));
        CaseRun.Equal(((ulong)Calls, (ulong)Calls), (verdict.Facts[1], verdict.Facts[2]), "calls of the two functions");
    }

    private static void UretprobeMulti(CaseRun run)
    {
        // probed_function(i) is 2 i, probed_other(i) is 3 i.
        var verdict = OfProbed(run, "on_uretprobe_multi", 2 * Calls,
            (program, probed) => program.AttachUprobeMulti(run.Probed, new UprobeMultiOptions { Pattern = "probed_*", ProcessId = probed }),
            "all of probed_*");
        CaseRun.Equal(5UL * Calls * (Calls - 1) / 2, verdict.Facts[0], "sum of what the functions gave");
    }

    private static void UprobeSession(CaseRun run) => OfProbed(run, "on_uprobe_session", 2 * Calls, (program, probed) =>
        program.AttachUprobeMulti(run.Probed, new UprobeMultiOptions { Symbols = ["probed_function"], ProcessId = probed }));

    private static Verdict OfProbed(CaseRun run, string program, uint runs, Func<BpfProgram, int, BpfLink> attach, string? what = null)
    {
        using var probed = new ProbedProcess(run.Probed);
        using var links = Create("links", probed.Id);
        using (var link = attach(links.Object.Load(program), probed.Id))
        {
            run.Fact("link", what ?? link.Description);
            probed.Do("call", Calls);
            probed.Do("other", Calls);
        }

        probed.Do("call", 5);
        return links.Passed(program, runs);
    }

    /// <summary>With cookies where the kernel has them, else by the place of the instruction.</summary>
    private static void Usdt(CaseRun run, string name, string command)
    {
        using var probed = new ProbedProcess(run.Probed);
        using var usdt = Create("usdt", probed.Id);
        var program = CaseRun.Release >= 5015 ? "by_cookie" : "by_place";
        probed.Do(command, 5);
        using (var link = usdt.Object.Load(program)
            .AttachUsdt(run.Probed, "cases", name, new UsdtOptions { ProcessId = probed.Id, Cookie = 0x1234567890 }))
        {
            run.Fact("link", link.Description);
            probed.Do(command, Calls);
        }

        probed.Do(command, 5);
        usdt.Passed(program, Calls);
    }

    private static unsafe void PageFaults(CaseRun run)
    {
        using var links = Create("links");
        using (var link = links.Object.Load("on_page_fault").AttachPerfEvent(
            PerfEventOptions.Software(PerfSoftwareEvent.PageFaults, period: 1) with { ProcessId = Environment.ProcessId }))
        {
            run.Fact("link", link.Description);
            const int Bytes = 256 * 4096;
            var memory = (byte*)NativeMemory.Alloc(Bytes);
            for (var i = 0; i < Bytes; i += 4096)
                memory[i] = 1;
            NativeMemory.Free(memory);
        }

        var runs = links.Verdict.Runs;
        run.Fact("runs", runs);
        // 256 pages, unless the kernel gave larger ones.
        CaseRun.True(runs is >= 1 and < 100_000, $"{runs} page faults");
    }

    private static void Iterator(CaseRun run)
    {
        using var links = Create("links");
        using var iterator = links.Object.Load("on_task").AttachIterator();
        run.Fact("link", iterator.Description);
        for (var time = 0; time < 2; time++)
        {
            using var stream = iterator.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            var ids = MemoryMarshal.Cast<byte, int>(memory.ToArray());
            CaseRun.True(ids.Contains(Environment.ProcessId) && ids.Contains(2), $"{ids.Length} tasks, without this process or process 2");
        }
    }

    /// <summary>Where no cgroup2 is mounted, one is for the time of the case.</summary>
    private static void CgroupEgress(CaseRun run)
    {
        var mounted = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(words => words[2] == "cgroup2")?[1];
        var path = mounted ?? Directory.CreateTempSubdirectory("cgroup2-").FullName;
        if (mounted is null)
            CaseRun.Equal(0, SystemCall.MountCgroups(path), "mount(cgroup2)");
        try
        {
            using var links = Create("links");
            using (var link = links.Object.Load("on_egress").AttachCgroup(path))
            {
                run.Fact("link", link.Description);
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                for (var i = 0; i < 10; i++)
                    socket.SendTo(new byte[10], new IPEndPoint(IPAddress.Loopback, 9));
            }

            CaseRun.True(links.Verdict.Runs >= 10, $"{links.Verdict.Runs} packets were seen");
        }
        finally
        {
            if (mounted is null)
            {
                SystemCall.Unmount(path);
                Directory.Delete(path);
            }
        }
    }
}
