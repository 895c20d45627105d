namespace EbpfReceiver.Bpf;

/// <summary>
/// Which kernel is the first to have what: claims, which the tests hold against real kernels. From the kernel's release notes and the tables
/// of ebpf-docs.
/// </summary>
internal static class FeatureClaims
{
    public static readonly IReadOnlyList<KernelFeatureClaim> All = [.. Features(), .. ProgramTypes(), .. MapTypes(), .. Helpers()];

    private static IEnumerable<KernelFeatureClaim> Features()
    {
        yield return Of(KernelFeature.KernelTypes, "5.4", "kernel types");
        yield return Of(KernelFeature.Tracefs, "4.1", "tracefs");
        yield return Of(KernelFeature.PerfBuffer, "4.4", "perf buffers");
        yield return Of(KernelFeature.RingBuffer, "5.8", "ring buffers");
        yield return Of(KernelFeature.MapBatches, "5.6", "maps read in batches");
        yield return Of(KernelFeature.RawTracepoint, "4.17", "raw tracepoints");
        yield return Of(KernelFeature.TpBtf, "5.5", "typed raw tracepoints (tp_btf)");
        yield return Of(KernelFeature.Fentry, "5.5", "trampolines (fentry, fexit)");
        yield return Of(KernelFeature.KprobePerf, "4.17", "kprobes by perf events");
        yield return Of(KernelFeature.KprobeTracefs, "4.1", "kprobes by tracefs");
        yield return Of(KernelFeature.KprobeMulti, "5.18", "kprobe.multi links");
        yield return Of(KernelFeature.UprobePerf, "4.17", "uprobes by perf events");
        yield return Of(KernelFeature.UprobeMulti, "6.6", "uprobe.multi links");
        yield return Of(KernelFeature.PerfEventLink, "5.15", "links of perf events, with cookies");
        yield return Of(KernelFeature.AttachCookie, "5.15", "cookies (bpf_get_attach_cookie)");
        yield return Of(KernelFeature.CgroupMemoryAccounting, "5.11", "memory counted to the cgroup");
        yield return Of(KernelFeature.RunStatistics, "5.8", "run time on demand (BPF_ENABLE_STATS)");
        yield return Of(KernelFeature.KprobeSession, "6.10", "kprobe.session links");
        yield return Of(KernelFeature.UprobeSession, "6.13", "uprobe.session links");
        yield return Of(KernelFeature.UprobeSemaphore, "4.20", "semaphores of uprobes");
        yield return Of(KernelFeature.UprobeCall, "6.18", "uprobes by a call in place of a breakpoint");
        yield return Of(KernelFeature.TracingCookie, "5.19", "cookies of trampolines");
        yield return Of(KernelFeature.RawTracepointCookie, "6.10", "cookies of raw tracepoints");
        yield return Of(KernelFeature.Iterator, "5.8", "iterators");
        yield return Of(KernelFeature.CgroupLink, "5.7", "links of cgroups");
        yield return Of(KernelFeature.GlobalData, "5.2", "global variables");
        yield return Of(KernelFeature.MappedArrays, "5.5", "mapped arrays");
        yield return Of(KernelFeature.ProgramBindMap, "5.10", "maps bound to programs");
        yield return Of(KernelFeature.ModuleTypes, "5.11", "types of modules");
        yield return Of(KernelFeature.BtfFunctions, "5.0", "BTF of functions");
        yield return Of(KernelFeature.BtfGlobalFunctions, "5.6", "BTF of global functions");
        yield return Of(KernelFeature.BtfDataSections, "5.2", "BTF of variables and sections");
        yield return Of(KernelFeature.BtfFloats, "5.13", "BTF of floating-point types");
        yield return Of(KernelFeature.BtfDeclarationTags, "5.16", "BTF tags of declarations");
        yield return Of(KernelFeature.BtfTypeTags, "5.17", "BTF tags of types");
        yield return Of(KernelFeature.BtfEnum64, "6.0", "BTF of 64-bit enumerations");
        yield return Of(KernelFeature.VerifierLogSize, "6.4", "the size of the verifier's log");
    }

    private static IEnumerable<KernelFeatureClaim> ProgramTypes()
    {
        yield return Of(BpfProgramType.SocketFilter, "3.19");
        yield return Of(BpfProgramType.Kprobe, "4.1");
        yield return Of(BpfProgramType.SchedClassifier, "4.1");
        yield return Of(BpfProgramType.SchedAction, "4.1");
        yield return Of(BpfProgramType.Tracepoint, "4.7");
        yield return Of(BpfProgramType.Xdp, "4.8");
        yield return Of(BpfProgramType.PerfEvent, "4.9");
        yield return Of(BpfProgramType.CgroupSkb, "4.10");
        yield return Of(BpfProgramType.CgroupSock, "4.10");
        yield return Of(BpfProgramType.LwtIn, "4.10");
        yield return Of(BpfProgramType.LwtOut, "4.10");
        yield return Of(BpfProgramType.LwtXmit, "4.10");
        yield return Of(BpfProgramType.SockOps, "4.13");
        yield return Of(BpfProgramType.SkSkb, "4.14");
        yield return Of(BpfProgramType.CgroupDevice, "4.15");
        yield return Of(BpfProgramType.SkMessage, "4.17");
        yield return Of(BpfProgramType.RawTracepoint, "4.17");
        yield return Of(BpfProgramType.CgroupSockAddr, "4.17");
        yield return Of(BpfProgramType.SkReuseport, "4.19");
        yield return Of(BpfProgramType.FlowDissector, "4.20");
        yield return Of(BpfProgramType.CgroupSysctl, "5.2");
        yield return Of(BpfProgramType.RawTracepointWritable, "5.2");
        yield return Of(BpfProgramType.CgroupSockOpt, "5.3");
        yield return Of(BpfProgramType.Tracing, "5.5");
        yield return Of(BpfProgramType.Extension, "5.6");
        yield return Of(BpfProgramType.Lsm, "5.7");
        yield return Of(BpfProgramType.SkLookup, "5.9");
        yield return Of(BpfProgramType.Syscall, "5.14");
        yield return Of(BpfProgramType.Netfilter, "6.4");
    }

    private static IEnumerable<KernelFeatureClaim> MapTypes()
    {
        yield return Of(BpfMapType.Hash, "3.19");
        yield return Of(BpfMapType.Array, "3.19");
        yield return Of(BpfMapType.ProgramArray, "4.2");
        yield return Of(BpfMapType.PerfEventArray, "4.3");
        yield return Of(BpfMapType.PerCpuHash, "4.6");
        yield return Of(BpfMapType.PerCpuArray, "4.6");
        yield return Of(BpfMapType.StackTrace, "4.6");
        yield return Of(BpfMapType.CgroupArray, "4.8");
        yield return Of(BpfMapType.LruHash, "4.10");
        yield return Of(BpfMapType.LruPerCpuHash, "4.10");
        yield return Of(BpfMapType.LpmTrie, "4.11");
        yield return Of(BpfMapType.ArrayOfMaps, "4.12");
        yield return Of(BpfMapType.HashOfMaps, "4.12");
        yield return Of(BpfMapType.SockMap, "4.14");
        yield return Of(BpfMapType.SockHash, "4.18");
        yield return Of(BpfMapType.Queue, "4.20");
        yield return Of(BpfMapType.Stack, "4.20");
        yield return Of(BpfMapType.SkStorage, "5.2");
        yield return Of(BpfMapType.RingBuffer, "5.8");
        yield return Of(BpfMapType.TaskStorage, "5.11");
        yield return Of(BpfMapType.BloomFilter, "5.16");
        yield return Of(BpfMapType.UserRingBuffer, "6.1");
        yield return Of(BpfMapType.CgroupLocalStorage, "6.2");
        yield return Of(BpfMapType.Arena, "6.9");
    }

    private static IEnumerable<KernelFeatureClaim> Helpers()
    {
        yield return Of(BpfHelper.PerfEventOutput, "4.4");
        yield return Of(BpfHelper.SendSignal, "5.3");
        yield return Of(BpfHelper.ReadUser, "5.5");
        yield return Of(BpfHelper.ReadKernel, "5.5");
        yield return Of(BpfHelper.ReadUserText, "5.5");
        yield return Of(BpfHelper.ReadKernelText, "5.5");
        yield return Of(BpfHelper.Jiffies64, "5.6");
        yield return Of(BpfHelper.GetNamespaceCurrentPidTgid, "5.7");
        yield return Of(BpfHelper.KtimeGetBootNs, "5.8");
        yield return Of(BpfHelper.RingBufferOutput, "5.8");
        yield return Of(BpfHelper.RingBufferReserve, "5.8");
        yield return Of(BpfHelper.GetTaskStack, "5.9");
        yield return Of(BpfHelper.PrintTyped, "5.10");
        yield return Of(BpfHelper.PerCpuPointer, "5.10");
        yield return Of(BpfHelper.TaskStorageGet, "5.11");
        yield return Of(BpfHelper.GetCurrentTaskTyped, "5.11");
        yield return Of(BpfHelper.ForEachMapElement, "5.13");
        yield return Of(BpfHelper.Print, "5.13");
        yield return Of(BpfHelper.FunctionAddress, "5.15");
        yield return Of(BpfHelper.GetAttachCookie, "5.15");
        yield return Of(BpfHelper.GetBranchSnapshot, "5.16");
        yield return Of(BpfHelper.FindMapping, "5.17");
        yield return Of(BpfHelper.Loop, "5.17");
        yield return Of(BpfHelper.CompareStrings, "5.17");
        yield return Of(BpfHelper.MapLookupPerCpuElement, "5.19");
        yield return Of(BpfHelper.DynptrFromMemory, "5.19");
        yield return Of(BpfHelper.KtimeGetTaiNs, "6.1");
        yield return Of(BpfHelper.UserRingBufferDrain, "6.1");
        yield return Of(BpfHelper.CgroupStorageGet, "6.2");
    }

    private static KernelFeatureClaim Of(KernelFeature feature, string minimumKernel, string name)
        => new(name, minimumKernel) { Feature = feature };

    private static KernelFeatureClaim Of(BpfProgramType type, string minimumKernel)
        => new($"programs of type {type}", minimumKernel) { ProgramType = type };

    private static KernelFeatureClaim Of(BpfMapType type, string minimumKernel) => new($"maps of type {type}", minimumKernel) { MapType = type };

    private static KernelFeatureClaim Of(BpfHelper helper, string minimumKernel) => new($"helper {helper}", minimumKernel) { Helper = helper };
}
