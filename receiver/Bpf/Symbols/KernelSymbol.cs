namespace EbpfReceiver.Bpf;

/// <summary>A line of /proc/kallsyms.</summary>
/// <param name="Address">Where it is; 0 where this process may not know (kernel.kptr_restrict, CAP_SYSLOG).</param>
/// <param name="Type">As nm has it: <c>T</c> and <c>t</c> are functions, <c>D</c> data; lower case is local.</param>
/// <param name="Name">Name.</param>
/// <param name="Module">Module that it is in; empty for the kernel itself.</param>
public readonly record struct KernelSymbol(ulong Address, char Type, string Name, string Module);
