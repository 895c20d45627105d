using System.Buffers.Binary;
using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>The kernel takes the types of objects as we complete them.</summary>
public sealed class KernelAcceptanceTests
{
    [Fact]
    public void Types_of_our_own_objects_are_taken()
    {
        SkipUnlessPrivileged();
        foreach (var (source, flags) in new[] { ("Specs/maps.bpf.c", ""), ("CoRe/relocations.bpf.c", "") })
            AssertTaken(source, BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf(source, flags)), source).Types!);
    }

    [Fact]
    public void Types_of_libbpf_tools_are_taken()
    {
        SkipUnlessPrivileged();
        foreach (var (name, image) in LibbpfTools.Objects())
        {
            var spec = BpfObjectSpec.Parse(image, name);
            AssertTaken(name, spec.Types!);
            AssertTaken(name + " (older)", OlderTypes.Of(spec.Types!));
        }
    }

    [Fact]
    public void Newer_kinds_become_older_ones_that_are_taken()
    {
        SkipUnlessPrivileged();
        var builder = new BtfBuilder();
        var number = builder.Int("int", 4, signed: true);
        var real = builder.Float("double", 8);
        var wide = builder.Enum64("wide", true, ("A", 1), ("B", -1L << 40));
        var signed = builder.Enum("narrow", true, ("C", -1));
        var all = builder.Struct("all", 24, ("real", real, 0), ("wide", wide, 64), ("narrow", signed, 128), ("number", number, 160));
        builder.Tag("tag", all);
        var tagged = builder.Modifier(BtfKind.TypeTag, "user", number);
        builder.Pointer(tagged);
        var types = builder.Build();
        AssertTaken("new", types);

        var older = OlderTypes.Of(types);
        AssertTaken("old", older);
        Assert.Equal(types.Count, older.Count);
        Assert.Equal(
            [BtfKind.Int, BtfKind.Struct, BtfKind.Union, BtfKind.Enum, BtfKind.Struct, BtfKind.Int, BtfKind.Const, BtfKind.Pointer],
            Enumerable.Range(1, (int)types.Count - 1).Select(id => older[(uint)id].Kind));
        Assert.False(older[signed].KindFlag);
        Assert.Equal("A", older[wide].Member(0).Name);
        Assert.Equal(8u, older.SizeOf(real));
        Assert.Equal(24u, older.SizeOf(all));
    }

    [Fact]
    public void Enumerators_of_64_bits_are_relocated()
    {
        var local = new BtfBuilder();
        var relocation = new CoreRelocation(local.Enum64("wide", false, ("A", 1), ("B", 5L << 40)), 0, CoreRelocationKind.EnumValue);
        var kernel = new BtfBuilder();
        kernel.Enum64("wide", true, ("B", -7L << 40), ("A", 1));
        var image = local.Image();
        // The path of the relocation, behind the other strings.
        var path = (uint)image.Length - 24 - BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(16));
        Array.Resize(ref image, image.Length + 2);
        image[^2] = (byte)'1';
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(20), path + 2);

        var resolution = new CoreSolver(BtfTypes.Parse(image), kernel.Build(), modules: null, isBigEndian: false).Solve(relocation with { AccessOffset = path });
        Assert.Equal(5ul << 40, resolution.Local.Value);
        Assert.Equal(unchecked((ulong)(-7L << 40)), resolution.Target!.Value.Value);

        var code = new byte[] { 0x18, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0 };
        Assert.Equal(PatchOutcome.Patched, InstructionPatcher.Apply(code, 0, resolution, CoreRelocationKind.EnumValue));
        Assert.Equal("18010000000000000000000000F9FFFF", Convert.ToHexString(code));
    }

    private static void AssertTaken(string name, BtfTypes types)
    {
        using var loaded = ObjectTypes.LoadAsIs(types, out var problem);
        Assert.True(loaded is not null, $"{name}: {problem}");
    }

    private static void SkipUnlessPrivileged() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loading types into the kernel needs root");
}
