using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>Finds, in what the verifier wrote, the line that says why it gave up, and the instruction it was at.</summary>
/// <param name="Complaint">The line; empty if there is none.</param>
/// <param name="Instruction">Index of the last instruction before it, or -1.</param>
internal readonly record struct VerifierLog(string Complaint, int Instruction)
{
    private static readonly string[] UnknownFunctions = ["unknown#", "unknown func ", "cannot use helper "];

    /// <summary>Reads a log of level 1.</summary>
    public static VerifierLog Read(string log)
    {
        var complaint = "";
        var instruction = -1;
        var atComplaint = -1;
        foreach (var raw in log.AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            if (IsInstruction(line, out var index))
            {
                instruction = index;
                continue;
            }

            if (line.IsEmpty || IsCommentary(line))
                continue;
            // The last one counts: those before were warnings, or states the verifier came back from.
            complaint = line.ToString();
            atComplaint = instruction;
        }

        return new VerifierLog(complaint, atComplaint);
    }

    /// <summary>The number of a function that the complaint says the kernel does not have, or -1.</summary>
    public long UnknownHelper()
    {
        // "invalid func unknown#9999", "unknown func bpf_loop#181", "program of this type cannot use helper bpf_loop#181".
        var complaint = Complaint;
        var at = complaint.IndexOf('#');
        if (at < 0 || !Array.Exists(UnknownFunctions, words => complaint.Contains(words, StringComparison.Ordinal)))
            return -1;
        var digits = complaint.AsSpan(at + 1);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var helper)
            ? helper
            : -1;
    }

    /// <summary><c>12: (61) r0 = *(u32 *)(r1 +0)</c></summary>
    private static bool IsInstruction(ReadOnlySpan<char> line, out int index)
    {
        index = -1;
        var colon = line.IndexOf(": (", StringComparison.Ordinal);
        return colon > 0 && int.TryParse(line[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    /// <summary>States, statistics and source lines: what the verifier writes when nothing is wrong.</summary>
    private static bool IsCommentary(ReadOnlySpan<char> line)
    {
        if (line[0] == ';' || char.IsAsciiDigit(line[0]))
            return true;
        // "R1_w=scalar() R10=fp0" is a state, "R1 invalid mem access" is a complaint.
        if (line[0] == 'R' && line.Length > 1 && char.IsAsciiDigit(line[1]))
        {
            var word = line.IndexOf(' ');
            return (word < 0 ? line : line[..word]).Contains('=');
        }

        foreach (var prefix in (ReadOnlySpan<string>)
            [
                "processed ", "verification time", "stack depth", "insns processed", "from ", "func#", "Func#", "Validating ", "caller:", "callee:",
                    "frame",
                "parent ", "last_idx", "regs=", "mark_precise", "Live regs", "returning from", "fp-", "to caller", "propagating",
                "cur state:", "old state:",
            ])
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
