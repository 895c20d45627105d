namespace EbpfReceiver.Benchmarks.Footprint;

/// <summary>One start of the receiver.</summary>
/// <param name="Wall">From exec to the line that says that all probes are attached.</param>
/// <param name="Cpu">User and system time by then; the kernel checks programs on the receiver's account.</param>
/// <param name="Probes">Probes that run.</param>
internal readonly record struct ReceiverStart(TimeSpan Wall, TimeSpan Cpu, int Probes);
