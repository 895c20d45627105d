using System.Buffers.Binary;
using Xunit;

namespace EbpfReceiver.Bpf.Tests;

public sealed class PrivateStackTests
{
    private const int Added = 3;

    private static readonly BpfObjectSpec Maps = Parse("Specs/maps.bpf.c", "-DEXTERN");
    private static readonly BpfObjectSpec Relocations = Parse("CoRe/relocations.bpf.c", "");

    [Fact]
    public void A_tail_call_that_is_jumped_over_comes_first()
    {
        var linked = ProgramLinker.Link(Maps, Maps.Program("uses_all"), null);
        var avoided = PrivateStack.WithoutIt(linked);

        // r0 = 0; if r0 == 0 goto +1; call 12
        Assert.Equal("b700000000000000" + "1500010000000000" + "850000000c000000", Convert.ToHexStringLower(avoided.Instructions.AsSpan(0, 24)));
        Assert.Equal(linked.Instructions, avoided.Instructions[24..]);
        Assert.Equal(
            linked.Maps.Select(m => (m.InstructionIndex + Added, m.MapName, m.ValueOffset)),
            avoided.Maps.Select(m => (m.InstructionIndex, m.MapName, m.ValueOffset)));
        // Loads of maps are put back where they are now.
        Assert.Equal(linked.InstructionsAsInObject(), avoided.InstructionsAsInObject()[24..]);
        Assert.Same(avoided, PrivateStack.WithoutIt(avoided));
    }

    [Fact]
    public void Functions_and_lines_move_with_their_instructions()
    {
        var kernel = BtfTypes.LoadFile(Toolchain.CompileBtf("CoRe/kernel.c", ""));
        var linked = ProgramLinker.Link(Relocations, Relocations.Program("calls_global"), kernel);
        var avoided = PrivateStack.WithoutIt(linked);

        var before = Starts(linked);
        Assert.Equal(3, before.Count);
        Assert.Equal([0, before[1] + Added, before[2] + Added], Starts(avoided));
        Assert.Equal(linked.SourceLineAt(0), avoided.SourceLineAt(0));
        for (var i = 0; i < linked.Instructions.Length / 8; i++)
            Assert.Equal(linked.SourceLineAt(i), avoided.SourceLineAt(i + Added));
        Assert.Equal(linked.Relocations.Select(r => r with { InstructionIndex = r.InstructionIndex + Added }), avoided.Relocations);
    }

    [Theory]
    [InlineData("6.12.60", "6.12.60-cloud-amd64", false)]
    [InlineData("6.13", "6.13.0", true)]
    [InlineData("7.2.13", "7.2.13+deb14-cloud-amd64", true)]
    [InlineData("5.14.0", "5.14.0-611.el9.x86_64", true)]
    [InlineData("5.14.0", "5.14.0-amd64", false)]
    public void The_version_tells_and_Red_Hats_does_not(string version, string release, bool expected) =>
        Assert.Equal(expected, PrivateStack.MayHaveIt(KernelVersion.Parse(version)!.Value, release));

    private static List<int> Starts(LinkedProgram program) =>
        [.. program.FuncInfo.Chunk(program.FuncInfoRecordSize).Select(record => BinaryPrimitives.ReadInt32LittleEndian(record))];

    private static BpfObjectSpec Parse(string source, string flags) =>
        BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf(source, flags)), Path.GetFileName(source));
}
