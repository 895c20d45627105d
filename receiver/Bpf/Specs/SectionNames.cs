namespace EbpfReceiver.Bpf;

/// <summary>The names that sections with programs begin with, or have as a whole.</summary>
internal static class SectionNames
{
    private static readonly Dictionary<string, SectionMeaning> Meanings = Read();

    /// <summary>What a name means; "" for its target.</summary>
    internal static bool TryFind(string name, out SectionMeaning meaning) => Meanings.TryGetValue(name, out meaning);

    private static Dictionary<string, SectionMeaning> Read()
    {
        var meanings = new Dictionary<string, SectionMeaning>(StringComparer.Ordinal);
        Add("kprobe", ProgramKind.Kprobe, BpfProgramType.Kprobe);
        Add("kretprobe", ProgramKind.Kretprobe, BpfProgramType.Kprobe);
        Add("kprobe.multi", ProgramKind.KprobeMulti, BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
        Add("kretprobe.multi", ProgramKind.KretprobeMulti, BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
        Add("kprobe.session", ProgramKind.KprobeSession, BpfProgramType.Kprobe, BpfAttachType.TraceKprobeSession);
        Add("ksyscall", ProgramKind.Ksyscall, BpfProgramType.Kprobe);
        Add("kretsyscall", ProgramKind.Kretsyscall, BpfProgramType.Kprobe);
        Add("uprobe", ProgramKind.Uprobe, BpfProgramType.Kprobe);
        Add("uretprobe", ProgramKind.Uretprobe, BpfProgramType.Kprobe);
        Add("uprobe.multi", ProgramKind.UprobeMulti, BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti);
        Add("uretprobe.multi", ProgramKind.UretprobeMulti, BpfProgramType.Kprobe, BpfAttachType.TraceUprobeMulti);
        Add("uprobe.session", ProgramKind.UprobeSession, BpfProgramType.Kprobe, BpfAttachType.TraceUprobeSession);
        Add("usdt", ProgramKind.Usdt, BpfProgramType.Kprobe);
        Add("tp", ProgramKind.Tracepoint, BpfProgramType.Tracepoint);
        Add("tracepoint", ProgramKind.Tracepoint, BpfProgramType.Tracepoint);
        Add("raw_tp", ProgramKind.RawTracepoint, BpfProgramType.RawTracepoint);
        Add("raw_tracepoint", ProgramKind.RawTracepoint, BpfProgramType.RawTracepoint);
        Add("raw_tp.w", ProgramKind.RawTracepointWritable, BpfProgramType.RawTracepointWritable);
        Add("raw_tracepoint.w", ProgramKind.RawTracepointWritable, BpfProgramType.RawTracepointWritable);
        Add("tp_btf", ProgramKind.TpBtf, BpfProgramType.Tracing, BpfAttachType.TraceRawTracepoint);
        Add("fentry", ProgramKind.Fentry, BpfProgramType.Tracing, BpfAttachType.TraceFentry);
        Add("fexit", ProgramKind.Fexit, BpfProgramType.Tracing, BpfAttachType.TraceFexit);
        Add("fsession", ProgramKind.Fsession, BpfProgramType.Tracing, BpfAttachType.TraceFsession);
        Add("fmod_ret", ProgramKind.FmodRet, BpfProgramType.Tracing, BpfAttachType.ModifyReturn);
        Add("iter", ProgramKind.Iterator, BpfProgramType.Tracing, BpfAttachType.TraceIterator);
        Add("lsm", ProgramKind.Lsm, BpfProgramType.Lsm, BpfAttachType.LsmMac);
        Add("lsm_cgroup", ProgramKind.LsmCgroup, BpfProgramType.Lsm, BpfAttachType.LsmCgroup);
        Add("freplace", ProgramKind.Extension, BpfProgramType.Extension);
        Add("struct_ops", ProgramKind.StructOps, BpfProgramType.StructOps);
        Add("perf_event", ProgramKind.PerfEvent, BpfProgramType.PerfEvent);
        Add("syscall", ProgramKind.Syscall, BpfProgramType.Syscall);
        Add("socket", ProgramKind.SocketFilter, BpfProgramType.SocketFilter);
        Add("tc", ProgramKind.Classifier, BpfProgramType.SchedClassifier);
        Add("classifier", ProgramKind.Classifier, BpfProgramType.SchedClassifier);
        Add("tc/ingress", ProgramKind.Classifier, BpfProgramType.SchedClassifier, BpfAttachType.TcxIngress);
        Add("tcx/ingress", ProgramKind.Classifier, BpfProgramType.SchedClassifier, BpfAttachType.TcxIngress);
        Add("tc/egress", ProgramKind.Classifier, BpfProgramType.SchedClassifier, BpfAttachType.TcxEgress);
        Add("tcx/egress", ProgramKind.Classifier, BpfProgramType.SchedClassifier, BpfAttachType.TcxEgress);
        Add("netkit/primary", ProgramKind.Classifier, BpfProgramType.SchedClassifier, BpfAttachType.NetkitPrimary);
        Add("netkit/peer", ProgramKind.Classifier, BpfProgramType.SchedClassifier, BpfAttachType.NetkitPeer);
        Add("action", ProgramKind.Action, BpfProgramType.SchedAction);
        Add("xdp", ProgramKind.Xdp, BpfProgramType.Xdp, BpfAttachType.Xdp);
        Add("xdp/devmap", ProgramKind.Xdp, BpfProgramType.Xdp, BpfAttachType.XdpDeviceMap);
        Add("xdp/cpumap", ProgramKind.Xdp, BpfProgramType.Xdp, BpfAttachType.XdpCpuMap);
        Add("lwt_in", ProgramKind.LightweightTunnel, BpfProgramType.LwtIn);
        Add("lwt_out", ProgramKind.LightweightTunnel, BpfProgramType.LwtOut);
        Add("lwt_xmit", ProgramKind.LightweightTunnel, BpfProgramType.LwtXmit);
        Add("lwt_seg6local", ProgramKind.LightweightTunnel, BpfProgramType.LwtSeg6Local);
        Add("sk_skb", ProgramKind.SocketMap, BpfProgramType.SkSkb);
        Add("sk_skb/stream_parser", ProgramKind.SocketMap, BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamParser);
        Add("sk_skb/stream_verdict", ProgramKind.SocketMap, BpfProgramType.SkSkb, BpfAttachType.SkSkbStreamVerdict);
        Add("sk_skb/verdict", ProgramKind.SocketMap, BpfProgramType.SkSkb, BpfAttachType.SkSkbVerdict);
        Add("sk_msg", ProgramKind.SocketMap, BpfProgramType.SkMessage, BpfAttachType.SkMessageVerdict);
        Add("sk_lookup", ProgramKind.SkLookup, BpfProgramType.SkLookup, BpfAttachType.SkLookup);
        Add("sk_reuseport", ProgramKind.SkReuseport, BpfProgramType.SkReuseport, BpfAttachType.SkReuseportSelect);
        Add("sk_reuseport/migrate", ProgramKind.SkReuseport, BpfProgramType.SkReuseport, BpfAttachType.SkReuseportSelectOrMigrate);
        Add("flow_dissector", ProgramKind.FlowDissector, BpfProgramType.FlowDissector, BpfAttachType.FlowDissector);
        Add("lirc_mode2", ProgramKind.Infrared, BpfProgramType.LircMode2, BpfAttachType.LircMode2);
        Add("netfilter", ProgramKind.Netfilter, BpfProgramType.Netfilter, BpfAttachType.Netfilter);
        Add("sockops", ProgramKind.Cgroup, BpfProgramType.SockOps, BpfAttachType.CgroupSockOps);
        Add("cgroup_skb/ingress", ProgramKind.Cgroup, BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetIngress);
        Add("cgroup_skb/egress", ProgramKind.Cgroup, BpfProgramType.CgroupSkb, BpfAttachType.CgroupInetEgress);
        Add("cgroup/skb", ProgramKind.Cgroup, BpfProgramType.CgroupSkb);
        Add("cgroup/sock", ProgramKind.Cgroup, BpfProgramType.CgroupSock, BpfAttachType.CgroupInetSockCreate);
        Add("cgroup/sock_create", ProgramKind.Cgroup, BpfProgramType.CgroupSock, BpfAttachType.CgroupInetSockCreate);
        Add("cgroup/sock_release", ProgramKind.Cgroup, BpfProgramType.CgroupSock, BpfAttachType.CgroupInetSockRelease);
        Add("cgroup/post_bind4", ProgramKind.Cgroup, BpfProgramType.CgroupSock, BpfAttachType.CgroupInet4PostBind);
        Add("cgroup/post_bind6", ProgramKind.Cgroup, BpfProgramType.CgroupSock, BpfAttachType.CgroupInet6PostBind);
        Add("cgroup/bind4", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Bind);
        Add("cgroup/connect4", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4Connect);
        Add("cgroup/sendmsg4", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp4SendMessage);
        Add("cgroup/recvmsg4", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp4ReceiveMessage);
        Add("cgroup/getpeername4", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4GetPeerName);
        Add("cgroup/getsockname4", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet4GetSockName);
        Add("cgroup/bind6", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet6Bind);
        Add("cgroup/connect6", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet6Connect);
        Add("cgroup/sendmsg6", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp6SendMessage);
        Add("cgroup/recvmsg6", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUdp6ReceiveMessage);
        Add("cgroup/getpeername6", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet6GetPeerName);
        Add("cgroup/getsockname6", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupInet6GetSockName);
        Add("cgroup/connect_unix", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUnixConnect);
        Add("cgroup/sendmsg_unix", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUnixSendMessage);
        Add("cgroup/recvmsg_unix", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUnixReceiveMessage);
        Add("cgroup/getpeername_unix", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUnixGetPeerName);
        Add("cgroup/getsockname_unix", ProgramKind.Cgroup, BpfProgramType.CgroupSockAddr, BpfAttachType.CgroupUnixGetSockName);
        Add("cgroup/sysctl", ProgramKind.Cgroup, BpfProgramType.CgroupSysctl, BpfAttachType.CgroupSysctl);
        Add("cgroup/getsockopt", ProgramKind.Cgroup, BpfProgramType.CgroupSockOpt, BpfAttachType.CgroupGetSockOpt);
        Add("cgroup/setsockopt", ProgramKind.Cgroup, BpfProgramType.CgroupSockOpt, BpfAttachType.CgroupSetSockOpt);
        Add("cgroup/dev", ProgramKind.Cgroup, BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice);
        return meanings;

        void Add(string name, ProgramKind kind, BpfProgramType type, BpfAttachType attachType = default) =>
            meanings.Add(name, new(kind, type, attachType, "", 0));
    }
}
