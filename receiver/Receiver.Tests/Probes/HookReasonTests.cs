using EbpfReceiver.Probes;

namespace EbpfReceiver.Tests.Probes;

public sealed class HookReasonTests
{
    private static readonly HookStatus Refused = new(
        "switch",
        true,
        null,
        [new AlternativeStatus("tp_btf", "tp_btf", false, "No."), new AlternativeStatus("raw_tp", "raw_tp", false, "No.")],
        []);

    [Theory]
    [InlineData("4.14.1", "4.17")]
    [InlineData("5.4.0", "5.5")]
    [InlineData("6.1.0", null)]
    public void It_names_the_nearest_kernel_that_has_what_this_one_is_too_old_for(string kernel, string? minimum) =>
        Assert.Equal(minimum, HookReason.Of(Refused, Version.Parse(kernel)).MinimumKernel);
}
