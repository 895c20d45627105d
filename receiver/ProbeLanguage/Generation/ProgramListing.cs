using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Lists a program as bpftool does: instructions, and before them the lines they come from.</summary>
internal static class ProgramListing
{
    public static IReadOnlyList<string> Of(AssembledCode code)
    {
        var result = new List<string>();
        var line = 0;
        var index = 0;
        foreach (var text in InstructionText.Describe(code))
        {
            while (line < code.Lines.Count && code.Lines[line].Instruction <= index)
            {
                var source = code.Lines[line++];
                result.Add($"; {source.File}:{source.Line}: {source.Text.Trim()}");
            }
            result.Add(text);
            index += code[index].Opcode == BpfInstruction.WideLoad ? 2 : 1;
        }
        return result;
    }
}
