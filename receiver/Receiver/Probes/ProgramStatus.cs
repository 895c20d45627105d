namespace EbpfReceiver.Probes;

/// <summary>A program of a probe that is loaded.</summary>
/// <param name="Name">Its name in the object.</param>
/// <param name="Section">Its section, which says what it attaches to.</param>
/// <param name="Id">The kernel's id of the program, as <c>bpftool prog</c> shows it.</param>
/// <param name="RunCount">How often it ran; 0 unless the kernel counts (kernel.bpf_stats_enabled).</param>
/// <param name="RunTime">Time spent in it; zero unless the kernel counts.</param>
/// <param name="Missed">Hits that did not run it because a program was running on the CPU already; null if the kernel does not say.</param>
public sealed record ProgramStatus(string Name, string Section, int Id, long RunCount, TimeSpan RunTime, long? Missed);
