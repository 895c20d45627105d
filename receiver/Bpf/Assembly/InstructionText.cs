using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>Writes instructions for people, in the words of the kernel and of bpftool.</summary>
public static class InstructionText
{
    private static readonly string[] AluSymbols =
        ["+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "neg", "%=", "^=", "=", "s>>=", "end"];

    private static readonly string[] JumpSymbols =
        ["", "==", ">", ">=", "&", "!=", "s>", "s>=", "", "", "<", "<=", "s<", "s<="];

    /// <summary>All instructions, one a line: <c>   3: (79) r7 = *(u64 *)(r6 +8)</c>. Second halves of wide loads have no line.</summary>
    public static IReadOnlyList<string> Describe(AssembledCode code)
    {
        var lines = new List<string>();
        var map = 0;
        for (var i = 0; i < code.Count; i++)
        {
            var wide = code[i].Opcode == BpfInstruction.WideLoad && i + 1 < code.Count;
            var name = map < code.Maps.Count && code.Maps[map].InstructionIndex == i ? code.Maps[map++].MapName : null;
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{i,4}: ({code[i].Opcode:x2}) {Describe(code[i], wide ? code[i + 1].Immediate : 0, name)}"));
            if (wide)
                i++;
        }
        return lines;
    }

    /// <summary>One instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="high">Of a wide load: the immediate of its second half.</param>
    /// <param name="map">Of a load of a map: its name, if it is known.</param>
    public static string Describe(BpfInstruction instruction, int high = 0, string? map = null) => instruction.Class switch
    {
        0 when instruction.Opcode == BpfInstruction.WideLoad => Wide(instruction, high, map),
        1 => string.Create(CultureInfo.InvariantCulture,
            $"r{instruction.Destination} = *({Width(instruction)} *)({Place(instruction.Source, instruction.Offset)})"),
        2 => string.Create(CultureInfo.InvariantCulture,
            $"*({Width(instruction)} *)({Place(instruction.Destination, instruction.Offset)}) = {instruction.Immediate}"),
        3 => Store(instruction),
        4 or 7 => Alu(instruction),
        5 or 6 => Jump(instruction),
        _ => string.Create(CultureInfo.InvariantCulture, $"BUG_{instruction.Opcode:x2}"),
    };

    private static string Wide(BpfInstruction instruction, int high, string? map)
    {
        var value = (uint)instruction.Immediate | ((ulong)(uint)high << 32);
        return instruction.Source switch
        {
            InstructionView.PseudoMapFd => $"r{instruction.Destination} = map[{map ?? Number(instruction.Immediate)}]",
            InstructionView.PseudoMapValue => $"r{instruction.Destination} = map[{map ?? Number(instruction.Immediate)}][0]+{Number(high)}",
            _ => string.Create(CultureInfo.InvariantCulture, $"r{instruction.Destination} = 0x{value:x}"),
        };
    }

    private static string Store(BpfInstruction instruction)
    {
        var place = $"*({Width(instruction)} *)({Place(instruction.Destination, instruction.Offset)})";
        return (instruction.Opcode & 0xe0) == 0xc0 && instruction.Immediate == 0
            ? $"lock {place} += r{instruction.Source}"
            : $"{place} = r{instruction.Source}";
    }

    private static string Alu(BpfInstruction instruction)
    {
        var name = instruction.Class == 4 ? 'w' : 'r';
        var operation = instruction.Opcode >> 4;
        var register = $"{name}{instruction.Destination}";
        return operation switch
        {
            8 => $"{register} = -{register}",
            13 => string.Create(CultureInfo.InvariantCulture,
                $"r{instruction.Destination} = {((instruction.Opcode & 8) != 0 ? "be" : "le")}{instruction.Immediate} r{instruction.Destination}"),
            > 13 => string.Create(CultureInfo.InvariantCulture, $"BUG_alu_{instruction.Opcode:x2}"),
            _ => $"{register} {AluSymbols[operation]} "
                + ((instruction.Opcode & 8) != 0 ? $"{name}{instruction.Source}" : Number(instruction.Immediate)),
        };
    }

    private static string Jump(BpfInstruction instruction)
    {
        switch (instruction.Opcode)
        {
            case BpfInstruction.Call:
                var helper = (BpfHelper)instruction.Immediate;
                return instruction.Source == 0
                    ? $"call {(Enum.IsDefined(helper) ? helper.ToString() : "")}#{Number(instruction.Immediate)}"
                    : $"call pc{Signed(instruction.Immediate)}";
            case BpfInstruction.Exit:
                return "exit";
            case BpfInstruction.Jump:
                return $"goto pc{Signed(instruction.Offset)}";
        }
        var operation = instruction.Opcode >> 4;
        if (operation >= JumpSymbols.Length || JumpSymbols[operation].Length == 0)
            return string.Create(CultureInfo.InvariantCulture, $"BUG_jmp_{instruction.Opcode:x2}");
        var name = instruction.Class == 6 ? 'w' : 'r';
        var operand = (instruction.Opcode & 8) != 0
            ? $"{name}{instruction.Source}"
            : string.Create(CultureInfo.InvariantCulture, $"0x{instruction.Immediate:x}");
        return $"if {name}{instruction.Destination} {JumpSymbols[operation]} {operand} goto pc{Signed(instruction.Offset)}";
    }

    private static string Width(BpfInstruction instruction) => (instruction.Opcode & 0x18) switch
    {
        0x10 => "u8",
        0x08 => "u16",
        0x00 => "u32",
        _ => "u64",
    };

    private static string Place(int register, int offset) => $"r{register} {Signed(offset)}";

    private static string Signed(int value) => value.ToString("+0;-0;+0", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
