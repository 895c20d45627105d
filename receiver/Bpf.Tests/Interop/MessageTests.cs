using EbpfReceiver.Bpf.Interop;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Interop;

public sealed class MessageTests
{
    [Fact]
    public void A_failed_call_says_what_was_done_which_call_which_error_and_what_to_do()
    {
        var e = new BpfSyscallException("bpf(BPF_MAP_CREATE)", 1, "creating map samples", "Give CAP_BPF.");
        Assert.Equal("Creating map samples failed: bpf(BPF_MAP_CREATE) answered EPERM (Operation not permitted). Give CAP_BPF.", e.Message);
        Assert.Equal(("EPERM", 1), (e.ErrorName, e.ErrorNumber));
    }

    [Fact]
    public void Numbers_of_the_kernels_own_have_a_name_too()
    {
        Assert.Contains("ENOTSUPP (Not supported by this kernel)", new BpfSyscallException("bpf", 524, "trying").Message,
            StringComparison.Ordinal);
        Assert.Equal("errno 250", new BpfSyscallException("bpf", 250, "trying").ErrorName);
    }

    [Theory]
    [InlineData("sched_switch", "sched_switch")]
    [InlineData("a.name-with spaces", "a.name_with_spa")]
    [InlineData("0123456789abcdefghij", "0123456789abcde")]
    [InlineData("", "")]
    public void Names_are_cut_to_what_the_kernel_takes(string name, string expected)
        => Assert.Equal(expected, ObjectName.From(name).ToString());

    [Theory]
    [InlineData("tcp_connect", 7, "tcp_connect_7")]
    [InlineData("finish_task_switch.isra.0", 12, "finish_task_switch_isra_0_12")]
    [InlineData("0abc", 1, "_abc_1")]
    public void Tracefs_events_get_names_that_it_takes(string symbol, int number, string expected)
        => Assert.Equal(expected, KprobeEvent.Name(symbol, number));

    [Fact]
    public void A_long_symbol_keeps_its_number()
    {
        var name = KprobeEvent.Name(new string('x', 100), 123);
        Assert.Equal(63, name.Length);
        Assert.EndsWith("x_123", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_with_a_terminator_inside_is_refused() => Assert.Throws<ArgumentException>(() => FileSyscalls.Terminated("a\0b"));
}
