using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace EbpfReceiver.Bpf.Tests;

public sealed class ObjectSpecTests
{
    private static BpfObjectSpec Parse(string flags = "") =>
        BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("Specs/maps.bpf.c", flags)), "maps");

    [Fact]
    public void Maps_are_as_declared()
    {
        var spec = Parse();
        Assert.Equal("GPL", spec.License);
        Assert.Equal(
            [".bss", ".data", ".rodata", ".rodata.str1.1", "events", "hash", "outer", "ring"],
            spec.Maps.Keys.Order(StringComparer.Ordinal));

        var hash = spec.Maps["hash"];
        Assert.Equal((BpfMapType.Hash, 16u, 8u, 128u, 1u), (hash.Type, hash.KeySize, hash.ValueSize, hash.MaxEntries, hash.Flags));
        Assert.Equal("struct key", spec.Types!.Describe(hash.KeyTypeId));
        Assert.Equal("unsigned long", spec.Types.Describe(hash.ValueTypeId));

        var events = spec.Maps["events"];
        Assert.Equal((BpfMapType.PerfEventArray, 4u, 4u, 0u), (events.Type, events.KeySize, events.ValueSize, events.MaxEntries));
        Assert.Equal((0u, 0u), (events.KeyTypeId, events.ValueTypeId));

        var outer = spec.Maps["outer"];
        Assert.Equal((BpfMapType.ArrayOfMaps, 4u, 4u, 5u), (outer.Type, outer.KeySize, outer.ValueSize, outer.MaxEntries));
        var inner = outer.Inner!;
        Assert.Equal((BpfMapType.Array, 4u, 2u, 3u), (inner.Type, inner.KeySize, inner.ValueSize, inner.MaxEntries));
        var ring = spec.Maps["ring"];
        Assert.Equal((BpfMapType.RingBuffer, 0u, 0u, 4096u), (ring.Type, ring.KeySize, ring.ValueSize, ring.MaxEntries));
    }

    [Fact]
    public void Data_sections_are_maps_with_their_contents()
    {
        var spec = Parse();
        var constants = spec.Maps[".rodata"];
        Assert.Equal((BpfMapType.Array, 4u, 20u, 1u, 0x80u, true),
            (constants.Type, constants.KeySize, constants.ValueSize, constants.MaxEntries, constants.Flags, constants.IsReadOnly));
        Assert.Equal("0300000001000000887766554433221107000000", Convert.ToHexString(constants.Contents!));
        Assert.Equal("text %d\0", Encoding.ASCII.GetString(spec.Maps[".rodata.str1.1"].Contents!));
        Assert.Equal("05000000", Convert.ToHexString(spec.Maps[".data"].Contents!));
        Assert.Equal(48u, spec.Maps[".bss"].ValueSize);
        Assert.Null(spec.Maps[".bss"].Contents);
        Assert.Equal(BtfKind.DataSection, spec.Types![constants.ValueTypeId].Kind);
    }

    [Fact]
    public void Variables_are_set_in_place()
    {
        var spec = Parse();
        spec.SetConstant("before", 0x01020304);
        spec.SetConstant("enabled", false);
        spec.SetConstant("limit", ulong.MaxValue);
        spec.SetConstant("hidden", 9);
        Assert.Equal("0403020100000000FFFFFFFFFFFFFFFF09000000", Convert.ToHexString(spec.Maps[".rodata"].Contents!));
        spec.SetConstant("zero", 1L);
        Assert.Equal("0100000000000000", Convert.ToHexString(spec.Maps[".bss"].Contents!, 0, 8));
        Assert.Equal(48, spec.Maps[".bss"].Contents!.Length);
    }

    [Fact]
    public void A_variable_that_is_not_there_is_answered_with_those_that_are()
    {
        var error = Assert.Throws<BpfException>(() => Parse().SetConstant("limits", 1L));
        Assert.Equal("maps has no variable limits; it has before, counter, enabled, hidden, limit, zero, zeroes.", error.Message);
        error = Assert.Throws<BpfException>(() => Parse().SetConstant("limit", 1));
        Assert.Equal("The variable limit of maps has 8 bytes, and the value 4.", error.Message);
    }

    [Fact]
    public void Sections_say_what_programs_are()
    {
        var spec = Parse();
        Assert.Equal(["uses_all", "loops", "sleeps", "probes", "unknown"], spec.Programs.Select(p => p.Name));
        static (ProgramKind, BpfProgramType, BpfAttachType, string, uint) Of(ProgramSpec p) =>
            (p.Kind, p.Type, p.ExpectedAttachType, p.AttachTarget, p.LoadFlags);
        Assert.Equal(
            (ProgramKind.Tracepoint, BpfProgramType.Tracepoint, default, "syscalls/sys_enter_open", 0u), Of(spec.Program("uses_all")));
        Assert.Equal((ProgramKind.RawTracepoint, BpfProgramType.RawTracepoint, default, "sched_switch", 0u), Of(spec.Program("loops")));
        Assert.Equal(
            (ProgramKind.Fentry, BpfProgramType.Tracing, BpfAttachType.TraceFentry, "do_unlinkat", 16u), Of(spec.Program("sleeps")));
        Assert.Equal((ProgramKind.Uprobe, BpfProgramType.Kprobe, default, "libc.so.6:getaddrinfo", 0u), Of(spec.Program("probes")));
        Assert.Equal((ProgramKind.Unspecified, BpfProgramType.Unspecified, default, "else", 0u), Of(spec.Program("unknown")));
        Assert.Equal(2, spec.Program("probes").InstructionCount);
        Assert.Equal("maps has no program nothing; it has loops, probes, sleeps, unknown, uses_all.",
            Assert.Throws<BpfException>(() => spec.Program("nothing")).Message);
    }

    [Fact]
    public void Btf_says_where_each_variable_is()
    {
        var types = Parse().Types!;
        Assert.True(types.TryFind(".rodata", BtfKind.DataSection, out var id));
        var section = types[id];
        Assert.Equal(20u, section.Size);
        var places = Enumerable.Range(0, section.Count).Select(i => section.Variable(i))
            .Select(v => (types[v.VariableId].Name, v.Offset, v.Size));
        Assert.Equal([("before", 0u, 4u), ("enabled", 4u, 1u), ("limit", 8u, 8u), ("hidden", 16u, 4u)], places);
        Assert.True(types.TryFind("license", BtfKind.DataSection, out id));
        Assert.Equal(4u, types[id].Size);
    }

    [Fact]
    public void A_map_that_is_to_be_pinned_says_so()
    {
        Assert.True(Parse("-DPINNED").Maps["pinned"].PinByName);
        Assert.DoesNotContain(Parse().Maps.Values, m => m.PinByName);
    }

    [Fact]
    public void Maps_declared_without_btf_are_maps_like_others()
    {
        var spec = BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("Specs/legacy.bpf.c")), "legacy");
        Assert.Equal(
            ["new_array: Array, key 4 B, value 4 B, 1 entries", "old_array: Array, key 4 B, value 4 B, 3 entries",
                "old_hash: Hash, key 4 B, value 8 B, 16 entries"],
            spec.Maps.Values.Select(m => m.ToString()).Order());
        Assert.Equal((1u, 0x90000000ul), (spec.Maps["old_hash"].Flags, spec.Maps["new_array"].Extra));
        var linked = ProgramLinker.Link(spec, spec.Program("looks"), null);
        Assert.Equal(["old_hash", "old_array", "new_array"], linked.Maps.Select(m => m.MapName));
        var error = Assert.Throws<BpfFormatException>(
            () => BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("Specs/legacy.bpf.c", "-DTALKATIVE")), "legacy"));
        Assert.Equal(
            "legacy: map more in section maps says more than type, sizes, entries and flags; declare it in \".maps\".", error.Message);
    }

    [Fact]
    public void A_big_endian_object_is_the_same_but_for_what_bit_fields_are()
    {
        BpfObjectSpec Read(string target) =>
            BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("CoRe/relocations.bpf.c", target)), "relocations");
        var (little, big) = (Read("--target=bpfel"), Read("--target=bpfeb"));
        Assert.False(little.IsBigEndian);
        Assert.True(big.IsBigEndian);
        var kernel = BtfTypes.LoadFile(Toolchain.CompileBtf("CoRe/kernel.c"));
        var differing = new List<string>();
        foreach (var program in little.Programs)
        {
            var expected = ProgramLinker.Link(little, program, kernel);
            var actual = ProgramLinker.Link(big, big.Program(program.Name), kernel);
            Assert.Equal(expected.Relocations.Select(r => (r.Kind, r.Subject, r.IsPoisoned, r.Source)),
                actual.Relocations.Select(r => (r.Kind, r.Subject, r.IsPoisoned, r.Source)));
            if (!expected.Instructions.AsSpan().SequenceEqual(actual.Instructions))
                differing.Add(program.Name);
        }
        // Bits are counted from the other side there: that much of the field has to be shifted out to the left.
        Assert.Equal(["bits_a_left", "bits_b_left", "bits_now_left", "bits_signed_left", "bits_wide_left"], differing.Order());
        var error = Assert.Throws<BpfException>(() => BpfObject.Create(big));
        Assert.StartsWith("relocations was compiled for big-endian machines, and this one is little-endian", error.Message);
    }

    [Fact]
    public void Types_are_read_from_the_section_of_an_elf_file_and_from_either_order_of_bytes()
    {
        var raw = BtfTypes.LoadFile(Toolchain.CompileBtf("CoRe/kernel.c"));
        var little = BtfTypes.LoadFile(Toolchain.CompileBpf("CoRe/kernel.c"));
        var big = BtfTypes.LoadFile(Toolchain.CompileBpf("CoRe/kernel.c", "--target=bpfeb"));
        foreach (var types in (BtfTypes[])[little, big])
        {
            Assert.Equal(raw.Count, types.Count);
            for (var id = 0u; id < raw.Count; id++)
                Assert.Equal((raw[id].Kind, raw.Describe(id), raw[id].Size), (types[id].Kind, types.Describe(id), types[id].Size));
        }
        var error = Assert.Throws<BpfFormatException>(() => BtfTypes.LoadFile("/bin/true"));
        Assert.Equal("/bin/true: this ELF file has no section .BTF.", error.Message);
    }

    [Fact]
    public void What_is_no_bpf_object_is_refused_with_what_it_is()
    {
        var error = Assert.Throws<BpfFormatException>(() => BpfObjectSpec.Parse("hello"u8.ToArray(), "x"));
        Assert.Equal("x: this is not an ELF file.", error.Message);
        error = Assert.Throws<BpfFormatException>(() => BpfObjectSpec.Parse(File.ReadAllBytes("/bin/true"), "true"));
        var machine = BinaryPrimitives.ReadUInt16LittleEndian(File.ReadAllBytes("/bin/true").AsSpan(18));
        Assert.Equal($"true: this is an ELF file for machine {machine}, not for BPF (247).", error.Message);
    }
}
