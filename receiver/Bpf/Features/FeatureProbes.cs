namespace EbpfReceiver.Bpf;

/// <summary>How each feature is tried: which of the probes of its area.</summary>
internal static class FeatureProbes
{
    public static FeatureResult Try(KernelFeature feature, BtfTypes? kernelTypes) => Try(KernelFeatures.Find(feature), kernelTypes);

    public static FeatureResult Try(KernelFeatureClaim claim, BtfTypes? kernelTypes)
    {
        MemoryAccounting.Prepare();
        var answer = claim switch
        {
            { Feature: { } feature } => Try(feature, new Lazy<BtfTypes>(() => kernelTypes ?? BtfTypes.LoadKernel())),
            { ProgramType: { } type } => ProgramFeatures.Type(type),
            { MapType: { } type } => MapFeatures.Type(type),
            { Helper: { } helper } => ProgramFeatures.Helper((int)helper),
            _ => throw new ArgumentException("The claim says nothing that could be tried.", nameof(claim)),
        };
        return new(claim, answer.Availability, answer.Reason);
    }

    private static FeatureAnswer Try(KernelFeature feature, Lazy<BtfTypes> kernelTypes) => feature switch
    {
        KernelFeature.KernelTypes => TypeFeatures.OfKernel(),
        KernelFeature.Tracefs => Tracefs.Instance.IsAvailable
            ? FeatureAnswer.Yes($"tracefs is {Tracefs.Instance.Location}.")
            : FeatureAnswer.No($"tracefs is {Tracefs.Instance.Location}."),
        KernelFeature.PerfBuffer => MapFeatures.PerfBuffer(),
        KernelFeature.RingBuffer => MapFeatures.Type(BpfMapType.RingBuffer),
        KernelFeature.MapBatches => MapFeatures.Batches(),
        KernelFeature.RawTracepoint => TracingFeatures.RawTracepoint(),
        KernelFeature.TpBtf => TracingFeatures.TpBtf(kernelTypes),
        KernelFeature.Fentry => TracingFeatures.Fentry(kernelTypes),
        KernelFeature.KprobePerf => KprobeFeatures.ByPerf(),
        KernelFeature.KprobeTracefs => KprobeFeatures.ByTracefs(),
        KernelFeature.KprobeMulti => KprobeFeatures.Multi(BpfAttachType.TraceKprobeMulti),
        KernelFeature.KprobeSession => KprobeFeatures.Multi(BpfAttachType.TraceKprobeSession),
        KernelFeature.UprobePerf => UprobeFeatures.ByPerf(),
        KernelFeature.UprobeMulti => UprobeFeatures.Multi(BpfAttachType.TraceUprobeMulti),
        KernelFeature.UprobeSession => UprobeFeatures.Multi(BpfAttachType.TraceUprobeSession),
        KernelFeature.UprobeSemaphore => UprobeFeatures.Semaphore(),
        KernelFeature.UprobeCall => UprobeFeatures.Call(),
        KernelFeature.PerfEventLink => TracingFeatures.PerfEventLink(),
        KernelFeature.AttachCookie => FeatureAnswer.Of(
            ProbePrograms.CallsHelper(BpfProgramType.Tracepoint, (int)BpfHelper.GetAttachCookie), "a program that asks for it loads"),
        KernelFeature.TracingCookie => TracingFeatures.TracingCookie(kernelTypes),
        KernelFeature.RawTracepointCookie => TracingFeatures.RawTracepointCookie(),
        KernelFeature.Iterator => TracingFeatures.Iterator(kernelTypes),
        KernelFeature.CgroupLink => TracingFeatures.CgroupLink(),
        KernelFeature.CgroupMemoryAccounting => SystemFeatures.MemoryCountsToCgroup(),
        KernelFeature.RunStatistics => SystemFeatures.RunStatistics(),
        KernelFeature.GlobalData => MapFeatures.GlobalData(),
        KernelFeature.MappedArrays => MapFeatures.MappedArrays(),
        KernelFeature.ProgramBindMap => MapFeatures.BindMap(),
        KernelFeature.VerifierLogSize => ProgramFeatures.LogSize(),
        _ => TypeFeatures.OfObjects(feature),
    };
}
