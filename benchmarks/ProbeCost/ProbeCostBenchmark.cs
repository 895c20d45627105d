using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;
using Tmds.Linux;

namespace EbpfReceiver.Benchmarks.ProbeCost;

/// <summary>
/// What a hit of a compiled probe costs against the same probe in C (clang -O2) and in bpftrace. All of them are attached to the same
/// tracepoints and hit by the same system calls of this process; the kernel measures each program's run time (BPF_ENABLE_STATS).
/// Then: how long it takes until fifty probes are bound, compiled, loaded and attached.
/// </summary>
internal static class ProbeCostBenchmark
{
    private const int Rounds = 30;
    private const int CallsPerRound = 50_000;
    private const int Probes = 50;
    private static readonly int GetpgidNumber = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 155 : 121;

    private static string Yaml(int pid) => $$"""
        version: 1
        probes:
          - name: counter
            on: [raw_tp:sys_enter]
            where: pid == {{pid}}
            emit:
              - counter: { name: bench.calls, attributes: { process.pid: pid } }
          - name: latency
            on: { start: [raw_tp:sys_enter], end: [raw_tp:sys_exit] }
            where: pid == {{pid}}
            emit:
              - histogram: { name: bench.latency, unit: s, value: duration, scale: 2, attributes: { process.name: comm } }
        """;

    public static int Run()
    {
        var pid = Environment.ProcessId;
        var types = BtfTypes.LoadKernel();
        var directory = Directory.CreateTempSubdirectory("probe-cost-");
        try
        {
            var image = Path.Combine(directory.FullName, "peer.bpf.o");
            Compile($"-target bpf -mcpu=v3 -O2 -g -D__TARGET_ARCH_x86 -I{Sources()}/../../probes/bpf -c {Sources()}/peer.bpf.c -o {image}");
            var c = BpfObjectSpec.Parse(File.ReadAllBytes(image), "peer");
            c.SetConstant("target", (uint)pid);
            using var statistics = BpfRunStatistics.Enable();
            using var peer = BpfObject.Create(c, new() { KernelTypes = types });
            var machine = new RunningMachine(types);
            var compiled = ProbeFile.Parse(Yaml(pid), "bench.yaml").Probes
                .Select(p => ProbeCompiler.Compile(ProbeBinder.Bind(p, machine).Probe!, new() { KernelTypes = types })).ToArray();
            using var counter = BpfObject.Create(compiled[0].Object, new() { KernelTypes = types });
            using var latency = BpfObject.Create(compiled[1].Object, new() { KernelTypes = types });

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"probe cost, {Environment.ProcessorCount} CPUs, Linux {Environment.OSVersion.Version}, {Rounds} rounds of {CallsPerRound} system calls, "
                    + $"ns a hit as the kernel measures it (with the measurement itself)"));
            Compare(
                "counter by pid", [.. counter.Spec.Programs.Select(p => counter.Load(p.Name))], [peer.Load("count")],
                $"tracepoint:raw_syscalls:sys_enter /pid == {pid}/ {{ @[pid] = count(); }}");
            Compare(
                "latency by name", [.. latency.Spec.Programs.Select(p => latency.Load(p.Name))], [peer.Load("start"), peer.Load("end")],
                $"tracepoint:raw_syscalls:sys_enter /pid == {pid}/ {{ @start[tid] = nsecs; }} "
                    + $"tracepoint:raw_syscalls:sys_exit /pid == {pid} && @start[tid]/ {{ @[comm] = hist(nsecs - @start[tid]); delete(@start[tid]); }}");
            Start();
            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void Compare(string what, BpfProgram[] ours, BpfProgram[] c, string bpftrace)
    {
        using var peer = new BpftracePeer(bpftrace, c.Length);
        var costs = new List<double>[] { [], [], [] };
        for (var round = -3; round < Rounds; round++)
        {
            // They take turns, so that none finds in the caches what the other has just used; bpftrace's are there all the time.
            foreach (var (programs, index) in new[] { (ours, 0), (c, 1) })
            {
                var links = programs.Select(static p => p.Attach()).ToArray();
                var before = ProgramCost.Read();
                for (var i = 0; i < CallsPerRound; i++)
                    LibC.syscall(GetpgidNumber, 0);
                var after = ProgramCost.Read();
                foreach (var link in links)
                    link.Dispose();
                if (round < 0)
                    continue;
                costs[index].Add(Hit(programs.Select(static p => p.Id)));
                costs[2].Add(Hit(peer.Programs));

                // Programs that hardly ran (bpftrace's BEGIN) are none of the probe's.
                double Hit(IEnumerable<int> ids) => ids.Where(id => after.ContainsKey(id) && after[id].Runs - before[id].Runs > CallsPerRound / 2)
                    .Sum(id => (double)(after[id].Time - before[id].Time) / (after[id].Runs - before[id].Runs));
            }
        }
        var medians = costs.Select(static l => l.Order().ElementAt(l.Count / 2)).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {what,-16} ours {medians[0],6:f1}  C {medians[1],6:f1}  bpftrace {medians[2],6:f1}  ours/C {medians[0] / medians[1]:f2}  ours/bpftrace {medians[0] / medians[2]:f2}"));
    }

    /// <summary>From nothing but YAML to probes that run, the kernel's types read among it.</summary>
    private static void Start()
    {
        var yaml = "version: 1\nprobes:\n" + string.Concat(Enumerable.Range(0, Probes).Select(static i =>
            i % 2 == 0
                ? $"  - name: p{i}\n    on: {{ start: [raw_tp:sys_enter], end: [raw_tp:sys_exit] }}\n    where: pid == 1 && start.args.id == {i}\n    emit:\n"
                    + "      - histogram: { name: bench.latency, unit: s, value: duration, scale: 2, attributes: { process.name: comm } }\n"
                : $"  - name: p{i}\n    on: [tp_btf:sched_switch]\n    where: args.prev.pid == {i}\n    emit:\n"
                    + "      - counter: { name: bench.switches, attributes: { process.name: args.next.comm, process.pid: args.next.tgid } }\n"));
        var times = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            var objects = new List<IDisposable>();
            var watch = Stopwatch.StartNew();
            var types = BtfTypes.LoadKernel();
            var machine = new RunningMachine(types);
            var options = new BpfObjectOptions { KernelTypes = types };
            foreach (var probe in ProbeFile.Parse(yaml, "bench.yaml").Probes)
            {
                var compiled = ProbeCompiler.Compile(ProbeBinder.Bind(probe, machine).Probe!, new() { KernelTypes = types });
                var loaded = BpfObject.Create(compiled.Object, options);
                objects.Add(loaded);
                foreach (var program in compiled.Object.Programs)
                    objects.Add(loaded.Load(program.Name).Attach());
            }
            times.Add(watch.Elapsed.TotalMilliseconds);
            foreach (var one in Enumerable.Reverse(objects))
                one.Dispose();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {Probes} probes ({Probes * 3 / 2} programs) bound, compiled, loaded and attached in {times.Min():f0} ms (first time, with JIT: {times[0]:f0} ms)"));
    }

    private static void Compile(string arguments)
    {
        using var clang = Process.Start("clang", arguments);
        clang.WaitForExit();
        if (clang.ExitCode != 0)
            throw new InvalidOperationException("clang failed.");
    }

    private static string Sources([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
