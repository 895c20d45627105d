using System.Text.Json;
using EbpfReceiver.IntegrationTests.Comparisons;
using EbpfReceiver.IntegrationTests.Guests;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Catalogue;

/// <summary>The questions of a dozen tools, asked of bpftrace and of probes in YAML at the same time on the same work.</summary>
public class ComparisonTests
{
    private const string Name = "compared"; // of the threads that are looked at

    [Fact]
    public void Counts_and_buckets_are_those_of_bpftrace()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "attaching needs root");
        string directory = Repository.NewScratch(), program = Path.Combine(directory, Name), disk = Path.Combine(directory, "disk");
        File.Copy(Repository.Workload, program);
        using (FileStream file = File.Create(disk))
            file.SetLength(Guest.ScratchDiskBytes);
        string device = Command.Run("losetup", ["--find", "--show", disk]).EnsureSuccess().Output.Trim();
        int number = (7 << 20) | int.Parse(device["/dev/loop".Length..], null);
        try
        {
            using Bpftrace bpftrace = Bpftrace.Start(Theirs(number));
            using TraceUnderTest trace = TraceUnderTest.Start(Ours(number));
            Work(program, device);
            IReadOnlyDictionary<string, JsonElement> ours = trace.Stop(), theirs = bpftrace.Stop();

            foreach (string name in (string[])["opens", "execs", "exits", "faults", "pages", "malloc_bytes"])
                Assert.Equal((name, theirs[$"@{name}"].GetInt64()), (name, TraceUnderTest.Values(ours[name])[""]));
            foreach (string name in (string[])["calls", "failures", "signals", "states"])
                Assert.Equal(Bpftrace.Flat(theirs[$"@{name}"]), TraceUnderTest.Values(ours[name]));
            foreach (string name in (string[])["results", "malloc_sizes", "block_sizes", "round_trips"])
                Assert.Equal((name, Text(Bpftrace.Buckets(theirs[$"@{name}"]))), (name, Text(TraceUnderTest.Buckets(ours[name]))));

            // Two clocks are read at two moments: a value near a bound may be on either side of it.
            foreach (string name in (string[])["block_latency", "sleep_latency"])
            {
                SortedDictionary<long, long> buckets = TraceUnderTest.Buckets(ours[name]);
                Assert.Equal((name, Bpftrace.Count(theirs[$"@{name}"])), (name, buckets.Values.Sum()));
                foreach (double share in (ReadOnlySpan<double>)[0.25, 0.5, 0.75, 0.9])
                {
                    (double low, double high) = Bpftrace.Quantile(theirs[$"@{name}"], share);
                    Assert.InRange(Quantile(buckets, share), low / 2, high * 2);
                }
            }
        }
        finally
        {
            Command.Run("losetup", ["--detach", device]);
        }
    }

    private static void Work(string program, string device)
    {
        Command.Run(program, ["exec", "20", "0", "x"]).EnsureSuccess();
        Command.Run(program, ["kill", "10", "15", "0"]);
        Command.Run(program, ["block", device, "500", "8192", "read"]).EnsureSuccess();
        Command.Run(program, ["sleep", "100", "1000"]);
        Command.Run(program, ["refused", "127.0.0.1", "1", "30"]);
        Command.Run(program, ["lookup", "localhost", "20", "found"]);
        string port = $"{FreePort.Take()}";
        using RunningProcess server = RunningProcess.Start(program, ["serve", "127.0.0.1", port, "100", "1000", "1000"]);
        server.WaitUntil(() => server.Output.Contains("listening", StringComparison.Ordinal), TimeSpan.FromMinutes(2), "listening");
        Command.Run(program, ["connect", "127.0.0.1", port, "100", "1000", "1000"]).EnsureSuccess();
        server.WaitForExit(TimeSpan.FromMinutes(2));
    }

    // bpftrace prints wrong bounds for buckets above 2^31, where addresses are.
    private static string Theirs(int device) => $$"""
        tracepoint:syscalls:sys_enter_openat /comm == "{{Name}}"/ { @opens = count(); }
        tracepoint:raw_syscalls:sys_enter /comm == "{{Name}}"/ { @calls[args->id] = count(); }
        tracepoint:raw_syscalls:sys_exit /comm == "{{Name}}" && args->ret < 0/ { @failures[args->id, args->ret] = count(); }
        tracepoint:raw_syscalls:sys_exit /comm == "{{Name}}" && args->ret < 1000000/ { @results = hist(args->ret); }
        tracepoint:sched:sched_process_exec /comm == "{{Name}}"/ { @execs = count(); }
        tracepoint:sched:sched_process_exit /comm == "{{Name}}"/ { @exits = count(); }
        tracepoint:signal:signal_generate /comm == "{{Name}}"/ { @signals[args->sig] = count(); }
        tracepoint:sock:inet_sock_set_state /args->protocol == 6 && comm == "{{Name}}"/ { @states[args->oldstate, args->newstate] = count(); }
        tracepoint:tcp:tcp_probe /comm == "{{Name}}"/ { @round_trips = hist(args->srtt); }
        tracepoint:exceptions:page_fault_user /comm == "{{Name}}"/ { @faults = count(); }
        tracepoint:kmem:mm_page_alloc /comm == "{{Name}}"/ { @pages = sum(1 << args->order); }
        uprobe:libc:malloc /comm == "{{Name}}"/ { @malloc_sizes = hist(arg0); @malloc_bytes = sum(arg0); }
        tracepoint:block:block_rq_issue /args->dev == {{device}}/ { @block_sizes = hist(args->bytes); @issued[args->sector] = nsecs; }
        tracepoint:block:block_rq_complete /args->dev == {{device}} && @issued[args->sector]/ {
            @block_latency = hist(nsecs - @issued[args->sector]);
            delete(@issued[args->sector]);
        }
        tracepoint:syscalls:sys_enter_clock_nanosleep /comm == "{{Name}}"/ { @asleep[tid] = nsecs; }
        tracepoint:syscalls:sys_exit_clock_nanosleep /@asleep[tid]/ { @sleep_latency = hist(nsecs - @asleep[tid]); delete(@asleep[tid]); }
        END { clear(@issued); clear(@asleep); }

        """;

    private static string Ours(int device) => $$"""
        version: 1
        probes:
          - name: opens
            on: [tracepoint:syscalls:sys_enter_openat]
            scope: { comm: {{Name}} }
            emit: [ counter: { name: opens } ]
          - name: calls
            on: [tp_btf:sys_enter, tracepoint:raw_syscalls:sys_enter]
            where: comm == "{{Name}}"
            emit: [ counter: { name: calls, attributes: { id: args.id } } ]
          - name: failures
            on: [tracepoint:raw_syscalls:sys_exit]
            where: comm == "{{Name}}"
            emit:
              - counter: { name: failures, when: args.ret < 0, attributes: { id: args.id, ret: args.ret } }
              - histogram: { name: results, when: args.ret < 1000000, value: args.ret, buckets: powers_of_two }
          - name: execs
            on: [tp_btf:sched_process_exec]
            where: comm == "{{Name}}"
            emit: [ counter: { name: execs } ]
          - name: exits
            on: [raw_tp:sched_process_exit]
            where: comm == "{{Name}}"
            emit: [ counter: { name: exits } ]
          - name: signals
            on: [tp_btf:signal_generate]
            where: comm == "{{Name}}"
            emit: [ counter: { name: signals, attributes: { sig: args.sig } } ]
          - name: states
            on: [tp_btf:inet_sock_set_state]
            where: args.sk.sk_protocol == 6 && comm == "{{Name}}"
            emit: [ counter: { name: states, attributes: { old: args.oldstate, new: args.newstate } } ]
          - name: round_trips
            on: [tp_btf:tcp_probe]
            where: comm == "{{Name}}"
            emit: [ histogram: { name: round_trips, value: "as(struct tcp_sock, args.sk).srtt_us >> 3", buckets: powers_of_two } ]
          - name: faults
            on: [tracepoint:exceptions:page_fault_user]
            where: comm == "{{Name}}"
            emit: [ counter: { name: faults } ]
          - name: pages
            on: [tracepoint:kmem:mm_page_alloc]
            where: comm == "{{Name}}"
            emit: [ sum: { name: pages, value: 1 << args.order } ]
          - name: malloc
            on: [uprobe:libc.so.6:malloc]
            where: comm == "{{Name}}"
            emit:
              - histogram: { name: malloc_sizes, value: arg0, buckets: powers_of_two }
              - sum: { name: malloc_bytes, value: arg0 }
          - name: block_sizes
            on: [tracepoint:block:block_rq_issue]
            where: args.dev == {{device}}
            emit: [ histogram: { name: block_sizes, value: args.bytes, buckets: powers_of_two } ]
          - name: block_latency
            on: { start: [tracepoint:block:block_rq_issue], end: [tracepoint:block:block_rq_complete] }
            key: [args.dev, args.sector]
            where: start.args.dev == {{device}}
            emit: [ histogram: { name: block_latency, unit: ns, value: duration, buckets: powers_of_two } ]
          - name: sleep_latency
            on: { start: [tracepoint:syscalls:sys_enter_clock_nanosleep], end: [tracepoint:syscalls:sys_exit_clock_nanosleep] }
            where: comm == "{{Name}}"
            emit: [ histogram: { name: sleep_latency, unit: ns, value: duration, buckets: powers_of_two } ]

        """;

    private static string Text(SortedDictionary<long, long> buckets) => string.Join(' ', buckets.Select(bucket => $"{bucket.Key}:{bucket.Value}"));

    private static double Quantile(SortedDictionary<long, long> buckets, double share)
    {
        long rank = (long)Math.Ceiling(share * buckets.Values.Sum()), below = 0;
        return buckets.First(bucket => (below += bucket.Value) >= rank).Key;
    }
}
