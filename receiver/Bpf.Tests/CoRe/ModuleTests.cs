using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>Types of kernel modules, which continue those of the kernel.</summary>
public sealed class ModuleTests
{
    private static readonly BtfTypes Kernel = BtfTypes.LoadFile(Toolchain.CompileBtf("CoRe/kernel.c"));
    private static readonly BpfObjectSpec Spec =
        BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("CoRe/relocations.bpf.c")), "relocations");

    [Fact]
    public void A_type_that_only_a_module_has_is_found_there()
    {
        // The kernel has no struct nowhere.
        Assert.True(Link("offset_nowhere", []).IsPoisoned);
        Assert.Equal(0ul, Link("exists_nowhere", []).TargetValue);
        Assert.Equal(12ul, Link("offset_nowhere", [Module("late", 12)]).TargetValue);
        Assert.Equal(1ul, Link("exists_nowhere", [Module("other", 4, "else"), Module("late", 12)]).TargetValue);
    }

    [Fact]
    public void Modules_are_not_asked_for_what_the_kernel_has()
    {
        var read = 0;
        ModuleTypes[] modules = [new("unused", () => throw new BpfException($"read {++read}"))];
        Assert.Equal(8ul, Link("offset_first", modules).TargetValue);
        Assert.Equal(0, read);
        // One that has gone is as good as none.
        Assert.True(Link("offset_nowhere", modules).IsPoisoned);
        Assert.Equal(1, read);
    }

    [Fact]
    public void Modules_that_differ_are_ambiguous()
    {
        Assert.Equal(12ul, Link("offset_nowhere", [Module("a", 12), Module("b", 12)]).TargetValue);
        var error = Assert.Throws<BpfRelocationException>(() => Link("offset_nowhere", [Module("a", 12), Module("b", 16)]));
        Assert.Contains("of struct nowhere.x is ambiguous", error.Message);
        Assert.True(Assert.Single(error.Relocations).IsRefused);
    }

    private static RelocationResult Link(string program, IReadOnlyList<ModuleTypes> modules) =>
        Assert.Single(ProgramLinker.Link(Spec, Spec.Program(program), Kernel, modules).Relocations);

    private static ModuleTypes Module(string name, uint offset, string type = "nowhere") => new(name, () =>
    {
        Assert.True(Kernel.TryFind("int", BtfKind.Int, out var number));
        var types = new BtfBuilder(Kernel);
        types.Struct(type, offset + 4, ("x", number, offset * 8));
        return types.Build();
    });
}
