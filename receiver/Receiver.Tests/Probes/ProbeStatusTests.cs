using EbpfReceiver.Probes;

namespace EbpfReceiver.Tests.Probes;

public class ProbeStatusTests
{
    [Fact]
    public void What_was_missed_is_the_sum_of_programs_and_links_and_of_what_the_kernel_does_not_tell_nothing()
    {
        ProgramStatus[] programs = [Program(3), Program(null), Program(40)];
        var status = new ProbeStatus("probe", "Observes.", ProbeState.Running, [], [], programs) { MissedByLinks = 500 };
        Assert.Equal((543, 21), (status.Missed, status.RunCount));
        Assert.Equal(0, (status with { Programs = [Program(null)], MissedByLinks = 0 }).Missed);
    }

    private static ProgramStatus Program(long? missed) => new("on_event", "kprobe/function", 1, 7, TimeSpan.Zero, missed);
}
