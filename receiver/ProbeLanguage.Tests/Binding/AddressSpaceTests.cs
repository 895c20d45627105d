using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Addresses that a program gives stay its own, whatever is calculated from them.</summary>
public sealed class AddressSpaceTests
{
    [Theory]
    [InlineData("str(*(u64 *)(arg0 + 8))")]
    [InlineData("str(*(u64 *)((u64)arg0 + 8 * arg1))")]
    [InlineData("str(arg0 + 3)")]
    [InlineData("str((u64)arg0)")]
    [InlineData("str(1 + arg0)")]
    public void A_text_of_a_program_is_read_there(string text)
    {
        TypedExpression value = Value(text, "uprobe:libc.so.6:getaddrinfo");

        var read = Assert.IsType<MemoryRead>(value);
        Assert.Equal(MemoryAccess.User, read.Access);
        if (read.Address is MemoryRead pointer)
            Assert.Equal(MemoryAccess.User, pointer.Access);
    }

    [Fact]
    public void So_many_bytes_of_a_text_are_taken_as_are_asked_for() =>
        Assert.Equal([9, 64, 256], new[] { "str(arg0, 8)", "str(arg0)", "str(arg0, 256)" }.Select(t => Value(t, "uprobe:libc.so.6:getaddrinfo").Type.Size));

    private static TypedExpression Value(string expression, string hook)
    {
        ProbeDefinition definition = Assert.Single(ProbeFile.Parse($$"""
            version: 1
            probes:
              - name: test
                on: ["{{hook}}"]
                emit: [ counter: { name: hits, attributes: { value: "{{expression}}" } } ]
            """, "test.yaml").Probes);
        return ProbeBinder.Bind(definition, KernelTypes.Any()).Probe!.Hooks[0].Alternatives[0].Programs[0].Emissions[0].Attributes[0];
    }
}
