using System.Buffers.Binary;
using Xunit;

namespace EbpfReceiver.Bpf.Tests;

public sealed class ProgramLinkerTests
{
    private static readonly BpfObjectSpec Maps = Parse("Specs/maps.bpf.c", "-DEXTERN");
    private static readonly BpfObjectSpec Relocations = Parse("CoRe/relocations.bpf.c", "");

    private static BpfObjectSpec Parse(string source, string flags) =>
        BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf(source, flags)), Path.GetFileName(source));

    private static BtfTypes Kernel(string flags = "") => BtfTypes.LoadFile(Toolchain.CompileBtf("CoRe/kernel.c", flags));

    [Fact]
    public void Maps_and_variables_are_referred_to_by_name_and_offset()
    {
        var linked = ProgramLinker.Link(Maps, Maps.Program("uses_all"), null);
        Assert.Equal(
            [
                ("hash", -1), (".rodata", 16), (".rodata.str1.1", 0), (".data", 0), (".rodata", 8), (".bss", 0), (".bss", 8),
                (".rodata", 4), (".rodata", 0), ("ring", -1),
            ],
            linked.Maps.Select(m => (m.MapName, m.ValueOffset)));
        foreach (var map in linked.Maps)
        {
            var load = linked.Instructions.AsSpan(map.InstructionIndex * 8, 16);
            Assert.Equal(0x18, load[0]);
            Assert.Equal(map.ValueOffset < 0 ? 1 : 2, load[1] >> 4);
            Assert.Equal(Math.Max(map.ValueOffset, 0), BinaryPrimitives.ReadInt32LittleEndian(load[12..]));
        }
    }

    [Fact]
    public void A_callback_is_appended_and_its_address_is_relative()
    {
        var program = Maps.Program("loops");
        var linked = ProgramLinker.Link(Maps, program, null);
        Assert.True(linked.Instructions.Length / 8 > program.InstructionCount);
        // r2 = callback: BPF_PSEUDO_FUNC, relative to the next instruction.
        var load = linked.Instructions.AsSpan(8, 16);
        Assert.Equal((0x18, 4), (load[0], load[1] >> 4));
        Assert.Equal(program.InstructionCount - 2, BinaryPrimitives.ReadInt32LittleEndian(load[4..]));
        var map = Assert.Single(linked.Maps);
        Assert.True(map.InstructionIndex >= program.InstructionCount);
    }

    [Fact]
    public void Subprograms_are_appended_once_in_the_order_of_the_first_call()
    {
        var linked = ProgramLinker.Link(Relocations, Relocations.Program("calls_global"), Kernel());
        var functions = new List<(string, uint)>();
        for (var at = 0; at < linked.FuncInfo.Length; at += linked.FuncInfoRecordSize)
        {
            var record = linked.FuncInfo.AsSpan(at);
            var type = Relocations.Types![BinaryPrimitives.ReadUInt32LittleEndian(record[4..])];
            functions.Add((type.Name, BinaryPrimitives.ReadUInt32LittleEndian(record)));
        }
        Assert.Equal(["calls_global", "global_leaf", "leaf"], functions.Select(f => f.Item1));
        Assert.Equal(0u, functions[0].Item2);
        Assert.Equal((uint)Relocations.Program("calls_global").InstructionCount, functions[1].Item2);
    }

    [Fact]
    public void Lines_follow_their_instructions_into_the_program()
    {
        var linked = ProgramLinker.Link(Relocations, Relocations.Program("calls_static"), Kernel());
        Assert.Equal(16, linked.LineInfoRecordSize);
        Assert.StartsWith("relocations.bpf.c:", linked.SourceLineAt(0)!);
        Assert.Contains("calls_static(struct task *t)", linked.SourceLineAt(0)!, StringComparison.Ordinal);
        var end = linked.SourceLineAt((linked.Instructions.Length / 8) - 1)!;
        Assert.Contains("return t->moved + field_offset(t->inner.b);", end, StringComparison.Ordinal);
        var last = -1L;
        for (var at = 0; at < linked.LineInfo.Length; at += 16)
        {
            var instruction = BinaryPrimitives.ReadUInt32LittleEndian(linked.LineInfo.AsSpan(at));
            Assert.True(instruction > last && instruction < linked.Instructions.Length / 8);
            last = instruction;
        }
    }

    [Fact]
    public void A_relocation_between_two_statements_belongs_to_the_one_that_uses_it()
    {
        var spec = Parse("CoRe/lines.bpf.c", "");
        // The compiler may take an offset from a register for a second use, so that it has one relocation for both.
        var lines = ProgramLinker.Link(spec, spec.Program("between"), Kernel()).Relocations
            .Select(r => $"{r.Subject}: {r.Source![(r.Source!.IndexOf(' ') + 1)..]}").ToArray();
        Assert.Equal(
            [
                "struct task.moved: read(&found.moved, task, moved);",
                "struct task.first: read(&found.first, task, first);",
                "struct task.next: read(&parent, task, next);",
                "struct task: found.size = __builtin_preserve_type_info(*(struct task *)0, 1);",
                "struct task.moved: if (__builtin_preserve_field_info(task->moved, 2))",
                "struct task.first: return task->first;",
            ],
            lines);
    }

    [Theory]
    [InlineData("offset_moved", 224)]
    [InlineData("offset_nested", 152)]
    [InlineData("offset_array", 56)]
    [InlineData("exists_yes", 1)]
    [InlineData("exists_no", 0)]
    [InlineData("exists_changed_kind", 0)]
    [InlineData("exists_old_flavour", 0)]
    [InlineData("exists_new_flavour", 1)]
    [InlineData("size_grown", 8)]
    [InlineData("signed_signed", 1)]
    [InlineData("signed_unsigned", 0)]
    [InlineData("bits_a_right", 55)]
    [InlineData("enum_changed", 20)]
    [InlineData("enum_flavour", 30)]
    [InlineData("enum_negative", unchecked((ulong)-50L))]
    [InlineData("enum_not_there", 0)]
    [InlineData("exists_type_missing", 0)]
    public void A_relocation_comes_to_the_kernels_value(string program, ulong value) =>
        Assert.Equal(value, Assert.Single(ProgramLinker.Link(Relocations, Relocations.Program(program), Kernel()).Relocations).TargetValue);

    [Fact]
    public void An_unsigned_enumerator_of_32_bits_stays_positive()
    {
        // libbpf can't tell and refuses; the instruction itself says that the value was not negative.
        var spec = Parse("CoRe/relocations.bpf.c", "-DUNSIGNED_ENUM");
        var linked = ProgramLinker.Link(spec, spec.Program("enum_top"), Kernel());
        var at = Assert.Single(linked.Relocations).InstructionIndex * 8;
        Assert.Equal(-1, BinaryPrimitives.ReadInt32LittleEndian(linked.Instructions.AsSpan(at + 4)));
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(linked.Instructions.AsSpan(at + 12)));
    }

    [Fact]
    public void A_field_the_kernel_lacks_poisons_its_instruction_and_is_named()
    {
        var linked = ProgramLinker.Link(Relocations, Relocations.Program("load_missing"), Kernel());
        var missing = Assert.Single(linked.Relocations, r => r.IsPoisoned);
        Assert.StartsWith(
            "This kernel's struct task has no .missing of the kind that is used (program load_missing, relocations.bpf.c:",
            missing.Problem);
        var instruction = linked.Instructions.AsSpan(missing.InstructionIndex * 8, 8);
        Assert.Equal((0x85, 0), (instruction[0], instruction[1]));
        var helper = BinaryPrimitives.ReadInt32LittleEndian(instruction[4..]);
        Assert.Equal(RelocationResult.PoisonedCall, helper);
        Assert.Same(missing, linked.PoisonedBy(helper, missing.InstructionIndex));
        Assert.Null(linked.PoisonedBy(helper, missing.InstructionIndex - 1));
        Assert.Null(linked.PoisonedBy(long.MaxValue, missing.InstructionIndex));
    }

    [Fact]
    public void A_signed_field_of_another_size_can_not_be_loaded()
    {
        var linked = ProgramLinker.Link(Relocations, Relocations.Program("load_grown_signed"), Kernel());
        Assert.StartsWith(
            "Struct task.grown_signed has 4 bytes where the object was compiled and 8 on this kernel",
            Assert.Single(linked.Relocations).Problem);
    }

    [Fact]
    public void Candidates_that_differ_are_ambiguous()
    {
        var spec = Parse("CoRe/relocations.bpf.c", "-DAMBIGUOUS");
        var program = spec.Program("offset_ambiguous");
        var error = Assert.Throws<BpfRelocationException>(() => ProgramLinker.Link(spec, program, Kernel("-DAMBIGUOUS")));
        Assert.Equal("offset_ambiguous", error.Program);
        Assert.Contains(
            "The relocation (FieldByteOffset) of struct ambiguous.a is ambiguous: the kernel's types",
            error.Message, StringComparison.Ordinal);
        Assert.Contains("(program offset_ambiguous, relocations.bpf.c:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kernel_types_are_asked_for_when_they_are_needed()
    {
        var error = Assert.Throws<BpfRelocationException>(() => ProgramLinker.Link(Relocations, Relocations.Program("load_int"), null));
        Assert.Contains("of struct task.first depends on the types of the kernel", error.Message, StringComparison.Ordinal);
        Assert.Single(ProgramLinker.Link(Relocations, Relocations.Program("id_local"), null).Relocations);
    }

    [Fact]
    public void What_the_kernel_is_to_define_stays_as_in_the_object_until_it_is_loaded()
    {
        Assert.Equal(
            ["CONFIG_HZ: Configuration, int", "kernel_function: Function, void (void)"],
            Maps.Externs.Select(e => $"{e.Name}: {e.Kind}, {e.TypeName}"));
        var call = ProgramLinker.Link(Maps, Maps.Program("calls_kernel"), null);
        var reference = Assert.Single(call.Externs);
        Assert.Equal("kernel_function", reference.Extern.Name);
        Assert.Equal("85100000ffffffff", Convert.ToHexStringLower(call.Instructions.AsSpan(reference.InstructionIndex * 8, 8)));

        // A value of the configuration is in a map that the loader fills.
        var load = ProgramLinker.Link(Maps, Maps.Program("uses_variable"), null);
        Assert.Equal((".kconfig", 0), (load.Maps.Single().MapName, load.Maps.Single().ValueOffset));
        var at = load.Maps.Single().InstructionIndex * 8;
        Assert.Equal(0x20, load.Instructions[at + 1] & 0xf0);
        Assert.Equal(0, load.InstructionsAsInObject()[at + 1] & 0xf0);
    }
}
