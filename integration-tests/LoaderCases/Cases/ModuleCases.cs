using System.Globalization;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>What modules of the kernel have (Objects/modules.bpf.c); guests have loaded them.</summary>
internal static unsafe class ModuleCases
{
    private const int Calls = 23;
    private const uint LoopGetStatus = 0x4C05; // LOOP_GET_STATUS64, include/uapi/linux/loop.h
    private const uint ReportZones = 0xC0101282; // BLKREPORTZONE, include/uapi/linux/blkzoned.h
    private const long NoSuchDevice = -6; // ENXIO

    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("module.kprobe", run => OfLoop(run, "on_kprobe"), Alone: true),
        new("module.kprobe_multi", run => OfLoop(run, "on_kprobe_multi"), Alone: true),
        new("module.tracepoint", run => OfZones(run, "on_tracepoint"), Alone: true),
        new("module.fentry", run => OfLoop(run, "on_fentry"), Alone: true),
        new("module.fexit", run => OfLoop(run, "on_fexit"), Alone: true),
        new("module.tp_btf", run => OfZones(run, "on_tp_btf"), Alone: true),
        new("module.types", run => OfLoop(run, "types"), Alone: true),
        new("module.ksym", Symbol, Alone: true),
    ];

    private static void OfLoop(CaseRun run, string program)
    {
        using var device = File.OpenHandle("/dev/loop1", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var status = stackalloc byte[512]; // struct loop_info64
        Attached(run, program, () =>
            CaseRun.Equal(NoSuchDevice, SystemCall.Ioctl((int)device.DangerousGetHandle(), LoopGetStatus, status), "ioctl(LOOP_GET_STATUS64)"));
    }

    private static void OfZones(CaseRun run, string program)
    {
        using var device = File.OpenHandle("/dev/nullb1", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var report = stackalloc uint[4 + 16]; // struct blk_zone_report {u64 sector, u32 zones, u32 flags}, and a zone
        Attached(run, program, () =>
        {
            (report[0], report[1], report[2], report[3]) = (0, 0, 1, 0);
            CaseRun.Equal(0, SystemCall.Ioctl((int)device.DangerousGetHandle(), ReportZones, report), "ioctl(BLKREPORTZONE)");
            CaseRun.Equal(1u, report[2], "zones that are reported");
        });
    }

    private static void Attached(CaseRun run, string program, Action call)
    {
        using var modules = CaseRun.Create("modules");
        var loaded = modules.Object.Load(program);
        call();
        using (var link = loaded.Attach())
        {
            run.Fact("link", link.Description);
            for (var i = 0; i < Calls; i++)
                call();
        }

        call();
        modules.Passed(program, Calls);
    }

    private static void Symbol(CaseRun run)
    {
        var line = File.ReadLines("/proc/kallsyms").First(line => line.EndsWith(" lo_ioctl\t[loop]", StringComparison.Ordinal));
        run.Fact("line", line);
        var spec = CaseRun.Spec("modules");
        spec.SetConstant("address", ulong.Parse(line.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        using var modules = CaseRun.Create(spec);
        modules.Run("symbol");
    }
}
