using Xunit;

namespace EbpfReceiver.Bpf.Tests.Programs;

public sealed class VerifierLogTests
{
    [Fact]
    public void The_complaint_is_told_apart_from_states_and_statistics()
    {
        var log = VerifierLog.Read("""
            func#0 @0
            0: R1=ctx() R10=fp0
            ; return *value; @ refused.bpf.c:25
            0: (b7) r1 = 0                        ; R1_w=0
            1: (79) r0 = *(u64 *)(r1 +8)
            R1 invalid mem access 'scalar'
            processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
            """);
        Assert.Equal(("R1 invalid mem access 'scalar'", 1), (log.Complaint, log.Instruction));
        Assert.Equal(-1, log.UnknownHelper());
    }

    [Fact]
    public void Registers_printed_by_older_kernels_are_no_complaint()
    {
        var log = VerifierLog.Read("""
            0: (85) call bpf_get_current_task#35
            1: R0_w=inv(id=0) R10=fp0
            1: (07) r0 += 8
            R0_w=inv(id=0) R10=fp0
            2: (85) call unknown#195896080
            invalid func unknown#195896080
            verification time 61 usec
            stack depth 0
            processed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
            """);
        Assert.Equal("invalid func unknown#195896080", log.Complaint);
        Assert.Equal(2, log.Instruction);
        Assert.Equal(0xbad2310, log.UnknownHelper());
    }

    [Theory]
    [InlineData("")]
    [InlineData("processed 0 insns (limit 1000000) max_states_per_insn 0")]
    [InlineData("\n\n")]
    public void A_log_without_a_complaint_has_none(string text)
        => Assert.Equal(("", -1), (VerifierLog.Read(text).Complaint, VerifierLog.Read(text).Instruction));

    [Fact]
    public void A_complaint_before_any_instruction_has_no_place()
        => Assert.Equal(("BPF program is too large", -1),
            (VerifierLog.Read("BPF program is too large").Complaint, VerifierLog.Read("BPF program is too large").Instruction));
}
