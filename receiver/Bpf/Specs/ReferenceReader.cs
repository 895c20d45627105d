using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>Finds out what instructions of an object refer to, through its relocations and relative calls.</summary>
internal sealed class ReferenceReader(BpfObjectSpec spec, ProgramSpec program)
{
    /// <summary>An instruction without a relocation: it may still call within its section.</summary>
    internal CodeReference Read(ObjectFunction function, int index)
    {
        var instruction = Instruction(function, index, out var immediate, out var source);
        if (instruction != InstructionView.CallOpcode || source != InstructionView.PseudoCall)
            return default;
        return new(null, 0, FunctionAt(function, index, function.Section, function.Start + index + 1L + immediate));
    }

    /// <summary>An instruction with a relocation.</summary>
    internal CodeReference Read(ObjectFunction function, int index, ElfRelocation relocation)
    {
        var opcode = Instruction(function, index, out var immediate, out var source);
        var symbol = spec.Symbols.Symbols[relocation.Symbol];
        if (symbol.Section == ElfSymbol.Undefined)
            return OfKernel(function, index, symbol, opcode, immediate);

        if (opcode == InstructionView.CallOpcode && source == InstructionView.PseudoCall)
        {
            if (!spec.Symbols.Code.TryGetValue(symbol.Section, out var section))
                throw Refuse(function, index, $"calls {NameOf(symbol)}, which is no function");
            // The addend is relative to the next instruction, in instructions.
            return new(null, 0, FunctionAt(function, index, section, (long)(symbol.Value / 8) + immediate + 1));
        }
        if (opcode != InstructionView.LoadWideOpcode || index + 1 >= function.InstructionCount)
            throw Refuse(function, index, $"refers to {NameOf(symbol)} in an instruction that takes no address (opcode 0x{opcode:x2})");

        if (symbol.Section == spec.Symbols.MapSection)
        {
            return spec.Symbols.MapsByOffset.TryGetValue(symbol.Value + (uint)immediate, out var map)
                ? new(map, -1, null)
                : throw Refuse(function, index, $"refers to offset {symbol.Value + (uint)immediate} of section .maps, where no map is");
        }
        if (spec.Symbols.LegacyMaps.TryGetValue((symbol.Section, symbol.Value + (uint)immediate), out var legacy))
            return new(legacy, -1, null);
        if (spec.Symbols.Data.TryGetValue(symbol.Section, out var data))
        {
            var offset = (long)symbol.Value + immediate;
            // One past the end is an address C may take.
            return offset >= 0 && offset <= data.ValueSize
                ? new(data.Name, (int)offset, null)
                : throw Refuse(function, index, $"refers to offset {offset} of section {data.Name}, which has {data.ValueSize} bytes");
        }
        if (spec.Symbols.Code.TryGetValue(symbol.Section, out var code))
            return new(null, 0, FunctionAt(function, index, code, ((long)symbol.Value + immediate) / 8));
        throw Refuse(function, index, $"refers to {NameOf(symbol)} in section {SectionName(symbol.Section)}, which can't be in a map");
    }

    /// <summary>A relocation that is at no instruction's start.</summary>
    internal void RefuseUnused(ObjectFunction function, ElfRelocation relocation) =>
        throw new BpfRelocationException(program.Name,
            $"The program {program.Name} has a relocation in the middle of an instruction, at {relocation.Offset} of section "
            + $"{function.Section.Name}.");

    private static byte Instruction(ObjectFunction function, int index, out int immediate, out int source)
    {
        var bytes = function.Instructions.Slice(index * InstructionView.Size, InstructionView.Size);
        immediate = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        source = bytes[1] >> 4;
        return bytes[0];
    }

    private ObjectFunction FunctionAt(ObjectFunction function, int index, CodeSection section, long start) =>
        start is >= 0 and <= int.MaxValue && section.Functions.TryGetValue((int)start, out var target)
            ? target
            : throw Refuse(function, index, $"calls instruction {start} of section {section.Name}, where no function begins");

    /// <summary>A use of something that the object declares and does not define.</summary>
    private CodeReference OfKernel(ObjectFunction function, int index, ElfSymbol symbol, byte opcode, int addend)
    {
        var isCall = opcode == InstructionView.CallOpcode;
        if (!spec.Symbols.Externs.TryGetValue(symbol.Name, out var used))
        {
            throw Refuse(function, index, (isCall ? $"calls {symbol.Name}" : $"uses {symbol.Name}")
                + ", which the object neither defines nor declares as the kernel's (__ksym, __kconfig)");
        }
        if (isCall)
        {
            return used.Kind == ExternKind.Function
                ? new(null, 0, null, used)
                : throw Refuse(function, index, $"calls {symbol.Name}, which is no function");
        }
        if (opcode != InstructionView.LoadWideOpcode || index + 1 >= function.InstructionCount)
            throw Refuse(function, index, $"refers to {symbol.Name} in an instruction that takes no address (opcode 0x{opcode:x2})");
        if (used.Kind != ExternKind.Configuration)
            return new(null, 0, null, used);
        return addend >= 0 && addend <= used.Size
            ? new(ExternReader.ConfigurationSection, used.Offset + addend, null)
            : throw Refuse(function, index, $"refers to byte {addend} of {symbol.Name}, which has {used.Size}");
    }

    private BpfRelocationException Refuse(ObjectFunction function, int index, string what)
    {
        var line = spec.Types is null ? null : InfoRebase.LineOf(spec.Types, function, index);
        var place = line is null ? $"instruction {index} of {function.Name}" : line;
        return new(program.Name, $"The program {program.Name} {what} ({place}).");
    }

    private string NameOf(ElfSymbol symbol) => symbol.Name.Length > 0 ? symbol.Name : $"section {SectionName(symbol.Section)}";

    private string SectionName(int section) =>
        (uint)section < (uint)spec.Symbols.SectionNames.Length ? spec.Symbols.SectionNames[section] : section.ToString();
}
