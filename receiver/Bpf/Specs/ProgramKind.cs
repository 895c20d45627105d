namespace EbpfReceiver.Bpf;

/// <summary>What a program hooks, as its section name says; it decides the program type and how to attach.</summary>
public enum ProgramKind
{
    /// <summary>The section name says nothing this loader knows; the caller chooses type and attachment.</summary>
    Unspecified,

    /// <summary><c>kprobe/SYMBOL</c>: entry of a kernel function.</summary>
    Kprobe,

    /// <summary><c>kretprobe/SYMBOL</c>: return of a kernel function.</summary>
    Kretprobe,

    /// <summary><c>kprobe.multi/PATTERN</c>: entry of many kernel functions (since 5.18).</summary>
    KprobeMulti,

    /// <summary><c>kretprobe.multi/PATTERN</c>: return of many kernel functions (since 5.18).</summary>
    KretprobeMulti,

    /// <summary><c>kprobe.session/PATTERN</c>: entry and return of many kernel functions, in one run of state (since 6.10).</summary>
    KprobeSession,

    /// <summary><c>ksyscall/NAME</c>: entry of a system call by its architecture-independent name.</summary>
    Ksyscall,

    /// <summary><c>kretsyscall/NAME</c>: return of a system call by its architecture-independent name.</summary>
    Kretsyscall,

    /// <summary><c>uprobe/LIBRARY:SYMBOL</c>: entry of a function in user space.</summary>
    Uprobe,

    /// <summary><c>uretprobe/LIBRARY:SYMBOL</c>: return of a function in user space.</summary>
    Uretprobe,

    /// <summary><c>uprobe.multi/PATH:PATTERN</c>: entry of many functions in user space (since 6.6).</summary>
    UprobeMulti,

    /// <summary><c>uretprobe.multi/PATH:PATTERN</c>: return of many functions in user space (since 6.6).</summary>
    UretprobeMulti,

    /// <summary><c>uprobe.session/PATH:PATTERN</c>: entry and return of many functions in user space (since 6.13).</summary>
    UprobeSession,

    /// <summary><c>usdt/PATH:PROVIDER:NAME</c>: a statically defined probe in user space.</summary>
    Usdt,

    /// <summary><c>tp/CATEGORY/NAME</c>: a tracepoint, with the arguments of its format file.</summary>
    Tracepoint,

    /// <summary><c>raw_tp/NAME</c>: a tracepoint, with the raw arguments of its kernel function.</summary>
    RawTracepoint,

    /// <summary><c>raw_tp.w/NAME</c>: a raw tracepoint with a buffer that the program may write to (since 5.2).</summary>
    RawTracepointWritable,

    /// <summary><c>tp_btf/NAME</c>: a raw tracepoint whose arguments are typed pointers (since 5.5).</summary>
    TpBtf,

    /// <summary><c>fentry/FUNCTION</c>: entry of a kernel function, through a trampoline (since 5.5).</summary>
    Fentry,

    /// <summary><c>fexit/FUNCTION</c>: return of a kernel function, through a trampoline (since 5.5).</summary>
    Fexit,

    /// <summary><c>fsession/FUNCTION</c>: entry and return of a kernel function, in one run of state (since 7.0).</summary>
    Fsession,

    /// <summary><c>fmod_ret/FUNCTION</c>: may change what a kernel function returns (since 5.7).</summary>
    FmodRet,

    /// <summary><c>perf_event</c>: overflow of a perf event, for example a CPU clock.</summary>
    PerfEvent,

    /// <summary><c>iter/KIND</c>: an iterator over kernel objects (since 5.8).</summary>
    Iterator,

    /// <summary><c>lsm/HOOK</c>: a security hook (since 5.7).</summary>
    Lsm,

    /// <summary><c>lsm_cgroup/HOOK</c>: a security hook for the processes of a cgroup (since 6.0).</summary>
    LsmCgroup,

    /// <summary><c>freplace/FUNCTION</c>: in place of a function of another BPF program (since 5.6).</summary>
    Extension,

    /// <summary><c>struct_ops/NAME</c>: a function of a table that the kernel calls (since 5.6).</summary>
    StructOps,

    /// <summary><c>syscall</c>: run on demand by BPF_PROG_RUN (since 5.14).</summary>
    Syscall,

    /// <summary><c>socket</c>: a socket filter.</summary>
    SocketFilter,

    /// <summary><c>tc</c>, <c>tcx/ingress</c>, <c>classifier</c>, <c>netkit/peer</c>: traffic control.</summary>
    Classifier,

    /// <summary><c>action</c>: an action of traffic control.</summary>
    Action,

    /// <summary><c>xdp</c>: at the network driver.</summary>
    Xdp,

    /// <summary><c>cgroup/connect4</c>, <c>cgroup_skb/egress</c>, <c>sockops</c> and the like: what processes of a cgroup do; the
    /// attach type says what.</summary>
    Cgroup,

    /// <summary><c>sk_lookup</c>: which socket a packet is for (since 5.9).</summary>
    SkLookup,

    /// <summary><c>sk_skb/stream_verdict</c>, <c>sk_msg</c>: at the sockets of a map.</summary>
    SocketMap,

    /// <summary><c>sk_reuseport</c>: which socket of a group a packet is for.</summary>
    SkReuseport,

    /// <summary><c>flow_dissector</c>: takes packets apart for the kernel.</summary>
    FlowDissector,

    /// <summary><c>lwt_in</c>, <c>lwt_out</c>, <c>lwt_xmit</c>, <c>lwt_seg6local</c>: at a route.</summary>
    LightweightTunnel,

    /// <summary><c>lirc_mode2</c>: decodes infrared signals.</summary>
    Infrared,

    /// <summary><c>netfilter</c>: a hook of netfilter (since 6.4).</summary>
    Netfilter,
}
