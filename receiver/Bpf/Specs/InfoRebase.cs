using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Objects say by byte offset in a section what function and source line an instruction belongs to; the kernel wants it by
/// instruction in the linked program.
/// </summary>
internal static class InfoRebase
{
    // What kernels know of struct bpf_func_info and struct bpf_line_info; more, which a later compiler may write, they refuse (E2BIG).
    private const int FunctionRecord = 8;
    private const int LineRecord = 16;

    /// <summary>How far a line is looked for, so that a hostile object costs no more time than it has instructions.</summary>
    private const int Nearby = 16;

    /// <summary>func_info of all functions of a program; empty unless each of them has it, which the kernel insists on.</summary>
    internal static (byte[] Bytes, int RecordSize) Functions(FunctionLayout layout)
    {
        foreach (var placed in layout.Functions)
        {
            var (first, count) = placed.Function.Section.FuncInfo.Range(placed.Function.Start, 1);
            if (count == 0)
                return ([], 0);
        }
        return Rebase(layout, FunctionRecord, static section => section.FuncInfo);
    }

    /// <summary>line_info of all functions of a program; empty unless each of them begins with a line.</summary>
    internal static (byte[] Bytes, int RecordSize) Lines(FunctionLayout layout)
    {
        foreach (var placed in layout.Functions)
        {
            var (first, count) = placed.Function.Section.LineInfo.Range(placed.Function.Start, 1);
            if (count == 0)
                return ([], 0);
        }
        return Rebase(layout, LineRecord, static section => section.LineInfo);
    }

    /// <summary>The source line of an instruction of a function; null if the object does not say.</summary>
    internal static string? LineOf(BtfTypes types, ObjectFunction function, int index)
    {
        var lines = function.Section.LineInfo;
        var (first, count) = lines.Range(function.Start, index + 1);
        for (var steps = 0; count > 1 && steps < Nearby && SourceLine.IsNone(lines[first + count - 1]); steps++)
            count--;
        return count == 0 ? null : SourceLine.Describe(types, lines[first + count - 1]);
    }

    /// <summary>
    /// The source line of a relocated instruction. An offset or a size that the compiler put into a register of its own (as for
    /// BPF_CORE_READ) has no line: it stands behind the last instruction of the statement before, while the statement that it belongs to
    /// begins where it is used. Between the two there is nothing but arithmetic.
    /// </summary>
    internal static string? LineOfRelocated(BtfTypes types, ObjectFunction function, int index)
    {
        var lines = function.Section.LineInfo;
        var (first, count) = lines.Range(function.Start + index, Math.Min(Nearby, function.InstructionCount - index));
        var code = function.Instructions;
        var at = index;
        for (var i = first; i < first + count; i++)
        {
            if (SourceLine.IsNone(lines[i]))
                continue;
            var start = (int)(lines.OffsetOf(i) / InstructionView.Size) - function.Start;
            while (at < start && IsArithmetic(code[at * InstructionView.Size]))
                at += code[at * InstructionView.Size] == InstructionView.LoadWideOpcode ? 2 : 1;
            return at < start ? LineOf(types, function, index) : SourceLine.Describe(types, lines[i]);
        }

        return LineOf(types, function, index);
    }

    private static bool IsArithmetic(byte opcode)
        => opcode == InstructionView.LoadWideOpcode
            || (InstructionClass)(opcode & 7) is InstructionClass.Arithmetic32 or InstructionClass.Arithmetic64;

    private static (byte[] Bytes, int RecordSize) Rebase(FunctionLayout layout, int size, Func<CodeSection, InfoTable> tableOf)
    {
        var total = 0;
        foreach (var (function, _) in layout.Functions)
            total += tableOf(function.Section).Range(function.Start, function.InstructionCount).Count;
        // The kernel takes one for an instruction; overlapping functions of a hostile object could add up to any number.
        if (total > layout.InstructionCount)
            throw new BpfFormatException($"The program {layout.Program.Name} has more line or function records than instructions.");

        var bytes = new byte[total * size];
        var at = 0;
        foreach (var (function, start) in layout.Functions)
        {
            var table = tableOf(function.Section);
            var (first, count) = table.Range(function.Start, function.InstructionCount);
            for (var i = first; i < first + count; i++, at += size)
            {
                table[i][..size].CopyTo(bytes.AsSpan(at));
                var instruction = (table.OffsetOf(i) / InstructionView.Size) - (uint)function.Start + (uint)start;
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), instruction);
            }
        }
        return (bytes, size);
    }
}
