using System.Text.Json;
using EbpfReceiver.IntegrationTests.Catalogue;
using EbpfReceiver.IntegrationTests.Guests;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Comparisons;

/// <summary>One program of bpftrace, given to bpftrace and to <c>trace</c>, on a kernel that has kprobes and trampolines: the same work at the same time.</summary>
public class GuestComparisonTests
{
    private const string Program = """
        kprobe:vfs_read /comm == "compared"/ { @reads = count(); @asked = hist(arg2); }
        kretprobe:vfs_read /comm == "compared"/ { @got = hist(retval); @got_bytes = sum(retval); }
        kprobe:vfs_write /comm == "compared"/ { @writes[arg2] = count(); }
        kretprobe:vfs_write /comm == "compared"/ { @written = lhist(retval, 0, 10000, 100); }
        kprobe:tcp_sendmsg /comm == "compared"/ {
            @sent_max = max(arg2); @sent_min = min(arg2); @sent_average = avg(arg2); @sent_stats = stats(arg2); @sent = hist(arg2);
        }
        kprobe:tcp_set_state /comm == "compared"/ { @states[((struct sock *)arg0)->__sk_common.skc_state, arg1] = count(); }
        kprobe:tcp_connect /comm == "compared"/ { @families[((struct sock *)arg0)->__sk_common.skc_family] = count(); }
        kprobe:vfs_open /comm == "compared"/ { @opens[str(((struct path *)arg0)->dentry->d_name.name)] = count(); }
        kprobe:do_exit /comm == "compared"/ { @exits[arg0 >> 8] = count(); }
        kretprobe:do_sys_openat2 /comm == "compared" && (int32)retval < 0/ { @failures[(int32)retval] = count(); }
        kprobe:vfs_statx, kprobe:vfs_fstat /comm == "compared"/ { @statistics[probe] = count(); }
        kprobe:submit_bio /comm == "compared"/ { @requests = hist(((struct bio *)arg0)->bi_iter.bi_size); }
        kfunc:vfs_write /comm == "compared"/ { @trampoline_asked = hist(args->count); }
        kretfunc:vfs_write /comm == "compared"/ { @trampoline_written[args->count] = sum(retval); }
        kprobe:do_nanosleep /comm == "compared"/ { @asleep[tid] = nsecs; }
        kretprobe:do_nanosleep /@asleep[tid]/ { @slept = hist(nsecs - @asleep[tid]); delete(@asleep[tid]); }

        """;

    // Of bpftrace only. A shell has its background programs ignore SIGINT, so the execution of a program tells it to end.
    private const string Frame = """
        interval:s:1 { printf("in place\n"); }
        tracepoint:sched:sched_process_exec /comm == "finish"/ { exit(); }
        END { clear(@asleep); }

        """;

    private const string Script = """
        set -e
        . /wait-for-trace.sh
        cp /bin/workload /tmp/compared
        cp /bin/workload /tmp/finish
        BPFTRACE_MAP_KEYS_MAX=4096 bpftrace -f json /theirs.bt > /out/theirs 2> /out/theirs.err &
        theirs=$!
        until grep -q 'in place' /out/theirs; do kill -0 $theirs; sleep 1; done
        ebpf-receiver trace "$(cat /ours.bt)" --json > /out/ours 2> /out/ours.err &
        ours=$!
        wait_for_trace $ours
        cd /tmp
        ./compared exec 20 3 x
        ./compared block /dev/vdb 50 8192 write
        ./compared block /dev/vdb 30 4096 read
        ./compared sleep 50 1000
        ./compared pingpong 100
        ./compared lookup known.test 5 found
        ./compared serve 127.0.0.1 7001 20 1000 3000 > /out/serve &
        serve=$!
        until grep -q listening /out/serve; do kill -0 $serve; sleep 1; done
        ./compared connect 127.0.0.1 7001 20 1000 3000
        wait $serve
        kill -TERM $ours
        wait $ours
        ./finish exit 0 0
        wait $theirs

        """;

    private static readonly string[] s_numbers =
    [
        "@reads", "@got_bytes", "@writes", "@sent_max", "@sent_min", "@sent_average", "@states", "@families", "@opens", "@exits", "@failures", "@statistics",
        "@trampoline_written",
    ];

    private static readonly string[] s_histograms = ["@asked", "@got", "@written", "@sent", "@requests", "@trampoline_asked"];

    [Fact]
    public void Kprobes_and_trampolines_have_the_counts_and_buckets_of_bpftrace()
    {
        GuestKernel kernel = GuestKernel.Get("6.12");
        GuestImage image = new();
        image.AddProgram(Repository.Receiver, "/bin/ebpf-receiver");
        image.AddProgram(Repository.Workload, "/bin/workload");
        image.AddProgram(Command.Find("bpftrace") ?? throw new FileNotFoundException("bpftrace is not installed"), "/bin/bpftrace");
        image.AddFile(Path.Combine(Repository.Root, "integration-tests", "workload", "wait-for-trace.sh"), "/wait-for-trace.sh");
        image.AddText("/ours.bt", Program);
        image.AddText("/theirs.bt", Program + Frame);
        image.AddText("/test.sh", Script);
        GuestResult result = Guest.Run(kernel, image, Repository.NewScratch(), TimeSpan.FromMinutes(12)).EnsureSuccess();
        IReadOnlyDictionary<string, JsonElement> theirs = Bpftrace.Maps(result.Text("theirs")), ours = TraceUnderTest.Tables(result.Text("ours"));

        // What the work is known to be, so that two empty tables are not taken for equal ones.
        Assert.Equal(new() { ["2"] = 20 }, Bpftrace.Flat(theirs["@families"]));
        Assert.Equal(20, Bpftrace.Flat(theirs["@exits"])["3"]);
        Assert.Equal(50, Bpftrace.Flat(theirs["@writes"])["8192"]);
        Assert.Equal(new() { [4096] = 30, [8192] = 50 }, Bpftrace.Buckets(theirs["@requests"]));

        foreach (string name in s_numbers)
            Assert.Equal((name, Text(Bpftrace.Flat(theirs[name]))), (name, Text(TraceUnderTest.Values(ours[name]))));
        foreach (string name in s_histograms)
            Assert.Equal((name, Text(Bpftrace.Buckets(theirs[name]))), (name, Text(TraceUnderTest.Buckets(ours[name]))));
        JsonElement stats = ours["@sent_stats"].EnumerateArray().Single();
        foreach ((string their, string our) in (ReadOnlySpan<(string, string)>)[("count", "count"), ("total", "sum"), ("average", "value")])
            Assert.Equal((their, theirs["@sent_stats"].GetProperty(their).GetInt64()), (their, stats.GetProperty(our).GetInt64()));

        // The clock is read at two moments, so that a sleep near a bound may be on either side of it; none is missing.
        Assert.Equal(50, Bpftrace.Count(theirs["@slept"]));
        Assert.Equal(50, TraceUnderTest.Buckets(ours["@slept"]).Values.Sum());
    }

    private static string Text<T>(SortedDictionary<T, long> values)
        where T : notnull => string.Join(' ', values.Select(pair => $"{pair.Key}:{pair.Value}"));
}
