using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Privileges;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Tests.Privileges;

/// <summary>
/// The filter by an interpreter of its own, after Documentation/networking/filter.rst; the kernel runs it in the integration tests.
/// </summary>
public class SystemCallFilterTests
{
    private const uint Allow = 0x7FFF0000;
    private const uint NotPermitted = 0x00050001;

    private static readonly uint s_architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0xC00000B7 : 0xC000003E;

    [Theory]
    [InlineData("execve", 0, NotPermitted, NotPermitted)]
    [InlineData("execveat", 0, NotPermitted, NotPermitted)]
    [InlineData("ptrace", 0, NotPermitted, NotPermitted)]
    [InlineData("setuid", 0, NotPermitted, NotPermitted)]
    [InlineData("capset", 0, NotPermitted, NotPermitted)]
    [InlineData("mount", 0, NotPermitted, NotPermitted)]
    [InlineData("finit_module", 0, NotPermitted, NotPermitted)]
    [InlineData("open_by_handle_at", 0, NotPermitted, NotPermitted)]
    [InlineData("io_uring_setup", 0, NotPermitted, NotPermitted)]
    [InlineData("clone", 0x00010F00, Allow, Allow)] // CLONE_THREAD and what goes with it
    [InlineData("clone", 0x10000011, NotPermitted, NotPermitted)] // CLONE_NEWUSER and SIGCHLD
    [InlineData("clone3", 0, 0x00050026, 0x00050026)] // ENOSYS
    [InlineData("socket", 1, Allow, Allow)]
    [InlineData("socket", 10, Allow, Allow)]
    [InlineData("socket", 17, 0x00050061, 0x00050061)] // AF_PACKET: EAFNOSUPPORT
    [InlineData("bpf", 1, Allow, Allow)] // BPF_MAP_LOOKUP_ELEM
    [InlineData("bpf", 28, Allow, Allow)] // BPF_LINK_CREATE
    [InlineData("bpf", 5, Allow, NotPermitted)] // BPF_PROG_LOAD
    [InlineData("bpf", 0, Allow, NotPermitted)] // BPF_MAP_CREATE
    [InlineData("bpf", 17, Allow, NotPermitted)] // BPF_RAW_TRACEPOINT_OPEN
    [InlineData("perf_event_open", 0, Allow, Allow)]
    [InlineData("openat", 0, Allow, Allow)]
    [InlineData("mmap", 0, Allow, Allow)]
    [InlineData("futex", 0, Allow, Allow)]
    [InlineData("epoll_pwait", 0, Allow, Allow)]
    public void A_call_is_answered_by_its_name_and_its_first_argument(string name, uint first, uint attach, uint minimal)
    {
        int number = SystemCallNames.NumberOf(name);
        Assert.True(number >= 0);
        Assert.Equal(attach, Run(Filter(PrivilegesAfterAttach.Attach), s_architecture, (uint)number, first));
        Assert.Equal(minimal, Run(Filter(PrivilegesAfterAttach.Minimal), s_architecture, (uint)number, first));
    }

    [Fact]
    public void Calls_of_another_architecture_are_refused()
    {
        FilterInstruction[] filter = Filter(PrivilegesAfterAttach.Attach);
        Assert.Equal(NotPermitted, Run(filter, 0x40000003, 1, 0)); // i386
        if (s_architecture == 0xC000003E) Assert.Equal(NotPermitted, Run(filter, s_architecture, 0x40000000 | 59, 0)); // x32
    }

    [Fact]
    public void Every_name_of_the_list_is_a_call_on_one_of_the_architectures()
    {
        string[] onlyX64 = ["fork", "vfork", "mknod", "iopl", "ioperm", "modify_ldt"];
        Assert.All(
            Plan(PrivilegesAfterAttach.Attach).RefusedCalls,
            name => Assert.True(SystemCallNames.NumberOf(name) >= 0 || (onlyX64.Contains(name) && s_architecture != 0xC000003E), name));
    }

    private static PrivilegePlan Plan(PrivilegesAfterAttach choice) =>
        PrivilegePlan.Of(choice, default, new KernelPolicy(), new Version(6, 1))!;

    private static FilterInstruction[] Filter(PrivilegesAfterAttach choice) => SystemCallFilter.Write(Plan(choice));

    private static uint Run(FilterInstruction[] code, uint architecture, uint number, uint first)
    {
        uint accumulator = 0;
        for (int at = 0; at < code.Length; at++)
        {
            FilterInstruction i = code[at];
            switch (i.Code)
            {
                case 0x20:
                    // struct seccomp_data: nr, arch, instruction_pointer, args.
                    accumulator = i.Operand switch { 0 => number, 4 => architecture, 16 => first, _ => throw new InvalidDataException($"load of {i.Operand}") };
                    break;
                case 0x15:
                    at += accumulator == i.Operand ? i.IfTrue : i.IfFalse;
                    break;
                case 0x35:
                    at += accumulator >= i.Operand ? i.IfTrue : i.IfFalse;
                    break;
                case 0x45:
                    at += (accumulator & i.Operand) != 0 ? i.IfTrue : i.IfFalse;
                    break;
                case 0x06:
                    return i.Operand;
                default:
                    throw new InvalidDataException($"code {i.Code:x}");
            }
        }

        throw new InvalidDataException("the filter has no end");
    }
}
