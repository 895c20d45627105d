namespace EbpfReceiver.ProbeLanguage;

/// <summary>The maps that all probes share for samples, as probes/bpf/samples.h and samples.bpf.h have them.</summary>
internal static class SampleCounters
{
    public const string Samples = "samples";
    public const string Counters = "sample_counters";
    public const int Kinds = 16;
    public const int ValueSize = 40;
    public const int Produced = 0;
    public const int BufferFull = 8;
    public const int Failed = 16;
    public const int StateFull = 24;
    public const int Overflowed = 32;
}
