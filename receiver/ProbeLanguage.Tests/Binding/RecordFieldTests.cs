using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Fields of tracepoints by the format that the kernel gives, which says of all arguments of system calls that they have no sign.</summary>
public sealed class RecordFieldTests
{
    [Theory]
    [InlineData("offset", true)]
    [InlineData("whence", false)]
    [InlineData("time", true)]
    [InlineData("size", false)]
    [InlineData("flags", false)]
    public void An_argument_of_a_system_call_has_a_sign_where_its_type_has(string field, bool isSigned)
    {
        ProbeDefinition definition = Assert.Single(ProbeFile.Parse($$"""
            version: 1
            probes:
              - name: test
                on: ["tracepoint:syscalls:sys_enter_known"]
                emit: [ counter: { name: hits, attributes: { value: args.{{field}} } } ]
            """, "test.yaml").Probes);

        BoundProbe probe = ProbeBinder.Bind(definition, new Known(KernelTypes.Any())).Probe!;

        Assert.Equal(ProbeType.Integer(8, isSigned), probe.Emitters[0].Attributes[0].Type);
    }

    private sealed class Known(TypesTarget kernel) : TypesTarget(kernel.Description, kernel.Types)
    {
        public override string? TracepointFormat(string category, string name) => """
            name: sys_enter_known
            ID: 700
            format:
            	field:unsigned short common_type;	offset:0;	size:2;	signed:0;
            	field:int __syscall_nr;	offset:8;	size:4;	signed:1;
            	field:off_t offset;	offset:16;	size:8;	signed:0;
            	field:unsigned int whence;	offset:24;	size:8;	signed:0;
            	field:loff_t time;	offset:32;	size:8;	signed:0;
            	field:size_t size;	offset:40;	size:8;	signed:0;
            	field:unsigned long flags;	offset:48;	size:8;	signed:0;

            print fmt: "0"
            """;
    }
}
