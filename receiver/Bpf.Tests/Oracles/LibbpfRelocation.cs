using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>What libbpf makes of the programs of an object, to compare ours with.</summary>
internal static class LibbpfRelocation
{
    /// <summary>Instructions by program; null where libbpf refused.</summary>
    /// <param name="objectPath">The object.</param>
    /// <param name="btf">Types of the kernel to take; null for the running one's.</param>
    /// <param name="separately">
    /// What is not relocated together with the others, as is faster for programs that have no type in common; null relocates each by itself.
    /// </param>
    internal static Dictionary<string, byte[]?> Relocate(string objectPath, string? btf = null, IEnumerable<string>? separately = null)
    {
        var together = separately is null ? "" : $" together {string.Join(' ', separately)}";
        var programs = new Dictionary<string, byte[]?>();
        foreach (var line in Toolchain.Run(Toolchain.Libbpf(), $"{objectPath} {btf}{together}").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            programs.Add(words[1], words[0] == "program" ? Convert.FromHexString(words[2]) : null);
        }
        return programs;
    }

    /// <summary>
    /// Relocates each program of an object with libbpf and with ours, and asserts that both give the same or both refuse; gives how many
    /// of either there were.
    /// </summary>
    internal static (int Same, int Refused) Compare(string name, string path, string btf, bool together = false)
    {
        var spec = BpfObjectSpec.Parse(File.ReadAllBytes(path), name);
        var kernel = BtfTypes.LoadFile(btf);
        var ours = spec.Programs.ToDictionary(program => program.Name, program => Linked(spec, program, kernel));
        // What we refuse is likely to be refused there as well.
        var expected = Relocate(path, btf, together ? ours.Where(one => one.Value is null).Select(one => one.Key) : null);
        Assert.Equal(expected.Keys.Order(), ours.Keys.Order());
        var (same, refused) = (0, 0);
        foreach (var (program, linked) in ours)
        {
            // Candidates differ, and both say so.
            Assert.True(
                expected[program] is null == linked is null,
                $"{name}: {(linked is null ? "we refused" : "libbpf refused")} {program}, and {(linked is null ? "libbpf" : "we")} did not");
            if (linked is null)
            {
                refused++;
                continue;
            }

            AssertSame($"{name}: {program}", expected[program]!, linked.Instructions);
            same++;
        }
        return (same, refused);
    }

    /// <returns>Null if it is refused for a relocation.</returns>
    private static LinkedProgram? Linked(BpfObjectSpec spec, ProgramSpec program, BtfTypes kernel)
    {
        try
        {
            return ProgramLinker.Link(spec, program, kernel);
        }
        catch (BpfRelocationException)
        {
            return null;
        }
    }

    /// <summary>Asserts that two programs are the same but for file descriptors.</summary>
    internal static void AssertSame(string what, byte[] expected, byte[] actual)
    {
        var theirs = Comparable(expected);
        var ours = Comparable(actual);
        for (var i = 0; i < Math.Min(theirs.Length, ours.Length); i += 8)
        {
            Assert.True(theirs.AsSpan(i, 8).SequenceEqual(ours.AsSpan(i, 8)),
                $"{what}, instruction {i / 8}: libbpf {Convert.ToHexString(theirs, i, 8)}, ours {Convert.ToHexString(ours, i, 8)}");
        }
        Assert.Equal(theirs.Length, ours.Length);
    }

    private static byte[] Comparable(byte[] code)
    {
        code = (byte[])code.Clone();
        for (var i = 0; i < code.Length; i += 8)
        {
            var immediate = code.AsSpan(i + 4, 4);
            if (code[i] == 0x18 && (code[i + 1] >> 4) is 1 or 2)
                immediate.Clear();
        }
        return code;
    }
}
