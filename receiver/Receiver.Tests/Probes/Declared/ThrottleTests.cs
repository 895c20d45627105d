using EbpfReceiver.Probes.Declared;

namespace EbpfReceiver.Tests.Probes.Declared;

public class ThrottleTests
{
    [Theory]
    [InlineData(1.01, 1)]
    [InlineData(2, 1)]
    [InlineData(2.1, 2)]
    [InlineData(16, 4)]
    [InlineData(1e9, 16)]
    public void Over_the_budget_as_many_hits_are_left_out_as_it_takes(double load, int exponent)
    {
        var throttle = new Throttle();
        Assert.True(throttle.Observe(load));
        Assert.Equal(exponent, throttle.Exponent);
        Assert.Equal(1.0 / (1 << exponent), throttle.Ratio);
    }

    [Fact]
    public void Well_below_the_budget_more_hits_are_looked_at_again_step_by_step()
    {
        var throttle = new Throttle();
        throttle.Observe(8);
        Assert.Equal(3, throttle.Exponent);
        for (int step = 2; step >= 0; step--)
        {
            Assert.False(throttle.Observe(0.1));
            Assert.False(throttle.Observe(0.1));
            Assert.True(throttle.Observe(0.1));
            Assert.Equal(step, throttle.Exponent);
        }

        Assert.False(throttle.Observe(0));
    }

    [Fact]
    public void Near_the_budget_nothing_changes()
    {
        var throttle = new Throttle();
        throttle.Observe(4);
        for (int i = 0; i < 10; i++) Assert.False(throttle.Observe(i % 2 == 0 ? 0.9 : 0.5));
        Assert.False(throttle.Observe(0.1));
        Assert.False(throttle.Observe(0.5));
        Assert.False(throttle.Observe(0.1));
        Assert.False(throttle.Observe(0.1));
        Assert.Equal(2, throttle.Exponent);
    }
}
