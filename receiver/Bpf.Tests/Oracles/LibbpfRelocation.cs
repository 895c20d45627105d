using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>What libbpf makes of the programs of an object, to compare ours with.</summary>
internal static class LibbpfRelocation
{
    /// <summary>Instructions by program; null where libbpf refused.</summary>
    internal static Dictionary<string, byte[]?> Relocate(string objectPath, string? btf = null)
    {
        var programs = new Dictionary<string, byte[]?>();
        foreach (var line in Toolchain.Run(Toolchain.Libbpf(), $"{objectPath} {btf}").Split('\n', StringSplitOptions.RemoveEmptyEntries))
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
    internal static (int Same, int Refused) Compare(string name, string path, string btf)
    {
        var expected = Relocate(path, btf);
        var spec = BpfObjectSpec.Parse(File.ReadAllBytes(path), name);
        var kernel = BtfTypes.LoadFile(btf);
        Assert.Equal(expected.Keys.Order(), spec.Programs.Select(p => p.Name).Order());
        var (same, refused) = (0, 0);
        foreach (var program in spec.Programs)
        {
            LinkedProgram linked;
            try
            {
                linked = ProgramLinker.Link(spec, program, kernel);
            }
            catch (BpfRelocationException) when (expected[program.Name] is null)
            {
                // Candidates differ, and both say so.
                refused++;
                continue;
            }
            Assert.True(expected[program.Name] is not null, $"{name}: libbpf refused {program.Name}, and we did not");
            AssertSame($"{name}: {program.Name}", expected[program.Name]!, linked.Instructions);
            same++;
        }
        return (same, refused);
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
