using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Whole probes as users would write them, of every kind of kernel hook and emitter: they compile on every kernel.</summary>
public sealed class UserProbeTests
{
    private const string Text = """
        version: 1
        probes:
          - name: sent
            on: ["kprobe:tcp_sendmsg"]
            emit: [ sum: { name: sent, unit: By, value: args.size, attributes: { port: ntohs(args.sk.sk_dport), peer: args.sk.sk_daddr, comm: comm } } ]
          - name: accepted
            on: ["kretprobe:inet_csk_accept"]
            emit: [ counter: { name: accepted, attributes: { port: "as(struct sock, retval).sk_num" } } ]
          - name: unlinks
            on: { start: ["fentry:vfs_unlink"], end: ["fexit"] }
            emit: [ histogram: { name: unlinks, unit: us, value: duration, buckets: [10us, 100us, 1ms], attributes: { file: str(start.args.dentry.d_name.name) } } ]
          - name: opens
            on: ["kprobe:do_sys_openat2"]
            where: startswith(str(args.filename), "/etc/") && !(args.how.flags & 1)
            emit: [ log: { event: opens, severity: WARN, body: "{comm}[{pid}] opens {args.filename} flags {args.how.flags:hex}", rate: 100/s } ]
          - name: out_of_memory
            on: ["kprobe:oom_kill_process"]
            emit: [ log: { event: out_of_memory, body: "{args.oc.chosen.comm} {args.message}" } ]
          - name: interrupts
            on: { start: [tp_btf:irq_handler_entry], end: [tp_btf:irq_handler_exit] }
            key: [cpu, args.irq]
            emit: [ histogram: { name: interrupts, unit: s, value: duration, attributes: { irq: args.irq, handler: str(start.args.action.name) } } ]
          - name: switches
            on: ["tp_btf:sched_switch"]
            where: args.prev.pid != 0 && args.prev.mm != 0
            emit: [ counter: { name: switches, attributes: { comm: args.prev.comm, group: { expr: args.prev.cgroups.dfl_cgrp.kn.id, decode: cgroup } } } ]
          - name: functions
            on: ["kprobe:vfs_*"]
            emit: [ topk: { name: functions, k: 5, attributes: [func] } ]
          - name: failed_reads
            on: ["fexit:vfs_read"]
            where: retval < 0 && retval != -EAGAIN
            emit: [ counter: { name: failed_reads, attributes: { error: { expr: retval, decode: errno }, system: "str(args.file.f_inode.i_sb.s_type.name, 16)" } } ]
          - name: sleeps
            on: ["kprobe:do_nanosleep"]
            scope: { uid: 0, comm: [a, "b*"], pid: [1, 2] }
            emit:
              - gauge: { name: mode, value: arg1 }
              - updown: { name: balance, value: "args.mode == 1 ? 1 : -1" }
          - name: threads
            on: ["kprobe:wake_up_new_task"]
            emit: [ counter: { name: threads, attributes: { child: args.p.comm, parent: args.p.real_parent.comm, ns: args.p.nsproxy.pid_ns_for_children.ns.inum } } ]
          - name: mutexes
            on: { start: ["kprobe:mutex_lock"], end: [kretprobe] }
            where: duration > 10us
            emit:
              - histogram: { name: mutexes, value: duration, unit: s, scale: 1 }
              - span: { name: "mutex {comm}", kind: internal, rate: 5/s }
        """;

    public static TheoryData<string> Kernels => KernelTypes.Names;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Probes_of_every_kind_compile(string kernel)
    {
        TypesTarget target = KernelTypes.Of(kernel);
        foreach (ProbeDefinition definition in ProbeFile.Parse(Text, "user.yaml").Probes)
        {
            ProbeBinding binding = ProbeBinder.Bind(definition, target);
            Assert.True(binding.Probe is not null, $"{definition.Name}: {binding.MissingReason}");
            Assert.NotEmpty(ProbeCompiler.Compile(binding.Probe, new() { KernelTypes = target.Types }).Programs);
        }
    }
}
