using System.Runtime.InteropServices;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Privileges;

/// <summary>
/// Writes a seccomp filter in classic BPF (Documentation/userspace-api/seccomp_filter.rst). It is a list of what is refused, not of what is
/// allowed: what a runtime, a C library and TLS call differs between their versions, and a call that is missing from a list of allowed ones
/// shows as telemetry that stops in a rare case. The lists of allowed calls belong to who knows the machine: systemd and container engines.
/// </summary>
internal static class SystemCallFilter
{
    /// <summary>AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of include/uapi/linux/audit.h.</summary>
    private const uint X64 = 0xC000003E;
    private const uint Arm64 = 0xC00000B7;

    /// <summary>Calls of the x32 ABI have this bit; nobody of ours makes any.</summary>
    private const uint X32Bit = 0x40000000;

    /// <summary>Offsets in struct seccomp_data; of arguments, the lower half is looked at: what is passed are ints.</summary>
    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint FirstArgumentOffset = 16;

    private const uint Allow = 0x7FFF0000;
    private const uint FailWith = 0x00050000;
    private const uint NotPermitted = FailWith | 1;
    private const uint NotImplemented = FailWith | 38;
    private const uint NoSuchFamily = FailWith | 97;

    /// <summary>CLONE_THREAD: a thread, not a process.</summary>
    private const uint CloneThread = 0x10000;

    /// <summary>AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK (addresses of this machine).</summary>
    private static readonly uint[] s_families = [1, 2, 10, 16];

    /// <summary>
    /// The commands of bpf() that reading takes: elements of maps one by one and in batches, what is known of an object that is held,
    /// and the link of a uprobe (BPF_LINK_CREATE, BPF_LINK_UPDATE, BPF_LINK_DETACH) by a program that is loaded.
    /// </summary>
    private static readonly uint[] s_readingCommands = [1, 2, 3, 4, 15, 21, 24, 25, 26, 27, 28, 29, 34];

    /// <summary>The filter of a plan for this architecture.</summary>
    /// <exception cref="PrivilegeException">There is none for this architecture.</exception>
    public static FilterInstruction[] Write(PrivilegePlan plan) => Write(plan, RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        var other => throw new PrivilegeException($"there is no list of system calls for {other}"),
    });

    private static FilterInstruction[] Write(PrivilegePlan plan, uint architecture)
    {
        var code = new List<FilterInstruction>
        {
            new(FilterInstruction.Load, 0, 0, ArchitectureOffset),
            new(FilterInstruction.JumpIfEqual, 1, 0, architecture),
            new(FilterInstruction.Return, 0, 0, NotPermitted),
            new(FilterInstruction.Load, 0, 0, NumberOffset),
        };
        if (architecture == X64)
        {
            code.Add(new(FilterInstruction.JumpIfGreaterOrEqual, 0, 1, X32Bit));
            code.Add(new(FilterInstruction.Return, 0, 0, NotPermitted));
        }

        // Two instructions a call: the kernel remembers which numbers are always allowed (5.11) and does not run the filter for them.
        foreach (string name in plan.RefusedCalls)
        {
            if (SystemCallNames.NumberOf(name) is >= 0 and var number) Refuse(code, (uint)number, NotPermitted);
        }

        // Its flags are in memory, where no filter can look; the C library goes back to clone when there is no clone3.
        Refuse(code, NumberOf("clone3"), NotImplemented);
        code.AddRange(
        [
            new(FilterInstruction.JumpIfEqual, 0, 4, NumberOf("clone")),
            new(FilterInstruction.Load, 0, 0, FirstArgumentOffset),
            new(FilterInstruction.JumpIfAnyBit, 1, 0, CloneThread),
            new(FilterInstruction.Return, 0, 0, NotPermitted),
            new(FilterInstruction.Return, 0, 0, Allow),
        ]);
        AllowOnly(code, NumberOf("socket"), s_families, NoSuchFamily);
        if (!plan.MayLoad) AllowOnly(code, NumberOf("bpf"), s_readingCommands, NotPermitted);
        code.Add(new(FilterInstruction.Return, 0, 0, Allow));
        return [.. code];
    }

    private static uint NumberOf(string name) => (uint)SystemCallNames.NumberOf(name);

    private static void Refuse(List<FilterInstruction> code, uint number, uint answer)
    {
        code.Add(new(FilterInstruction.JumpIfEqual, 0, 1, number));
        code.Add(new(FilterInstruction.Return, 0, 0, answer));
    }

    /// <summary>Of a call, only these values of its first argument.</summary>
    private static void AllowOnly(List<FilterInstruction> code, uint number, uint[] values, uint answer)
    {
        int length = 1 + 2 * values.Length + 1;
        code.Add(new(FilterInstruction.JumpIfEqual, 0, (byte)length, number));
        code.Add(new(FilterInstruction.Load, 0, 0, FirstArgumentOffset));
        foreach (uint value in values) Refuse(code, value, Allow);
        code.Add(new(FilterInstruction.Return, 0, 0, answer));
    }
}
