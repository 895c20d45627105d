using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Symbols;

public sealed class ElfSymbolTests
{
    private static string Libc => SharedLibraries.Locate("libc.so.6");

    private static string Target => Path.Combine(AppContext.BaseDirectory, "Objects", "target");

    [Fact]
    public void Functions_of_libc_are_where_nm_and_readelf_say()
    {
        var (offset, address, size) = ExecutableSegment(Libc);
        var functions = Functions(Run("llvm-nm", "-D", "--defined-only", Libc)).ToList();
        // Several versions of a name are for another test.
        var names = functions.GroupBy(f => f.Name.Split('@')[0]).Where(g => g.Count() == 1).Select(g => g.Single()).ToList();
        Assert.InRange(names.Count, 1000, 10_000);
        for (var i = 0; i < names.Count; i += 7)
        {
            var (name, value) = names[i];
            Assert.InRange(value, address, address + size - 1);
            Assert.Equal((name, value - address + offset), (name, ElfSymbols.Resolve(Libc, name.Split('@')[0])));
        }
    }

    [Fact]
    public void A_version_is_chosen_by_its_name_and_the_default_one_without()
    {
        var (offset, address, _) = ExecutableSegment(Libc);
        var versions = Functions(Run("llvm-nm", "-D", "--defined-only", Libc))
            .Where(f => f.Name.Split('@')[0] is "memcpy" or "pthread_cond_wait" or "realpath").ToList();
        Assert.SkipUnless(versions.Count >= 2, "This libc keeps no old versions.");
        foreach (var (name, value) in versions)
        {
            var expected = value - address + offset;
            Assert.Equal(expected, ElfSymbols.Resolve(Libc, name));
            if (name.Contains("@@", StringComparison.Ordinal))
                Assert.Equal(expected, ElfSymbols.Resolve(Libc, name.Split('@')[0]));
        }

        Assert.False(ElfSymbols.TryResolve(Libc, "realpath@GLIBC_99", out _, out var problem));
        Assert.Equal($"{Libc} does not define the function realpath@GLIBC_99.", problem);
    }

    [Fact]
    public void Functions_of_a_program_are_found_among_all_its_symbols()
    {
        var (offset, address, _) = ExecutableSegment(Target);
        var function = Functions(Run("llvm-nm", "--defined-only", Target)).Single(f => f.Name == "probed_function");
        Assert.Equal(function.Value - address + offset, ElfSymbols.Resolve(Target, "probed_function"));
    }

    [Theory]
    [InlineData("probed_functio")]
    [InlineData("robed_function")]
    [InlineData("probed_function2")]
    public void A_part_of_a_name_is_not_the_name(string name)
    {
        Assert.False(ElfSymbols.TryResolve(Target, name, out var offset, out var problem));
        Assert.Equal(0UL, offset);
        Assert.Equal($"{Target} does not define the function {name}.", problem);
    }

    [Fact]
    public void What_a_file_only_uses_or_chooses_at_start_is_told_apart()
    {
        Assert.False(ElfSymbols.TryResolve(Target, "getpgid", out _, out var imported));
        Assert.Equal($"{Target} only uses getpgid; probe the library that defines it.", imported);
        Assert.False(ElfSymbols.TryResolve(Libc, "memmove", out _, out var indirect));
        Assert.Equal($"{Libc} chooses memmove when a program starts (IFUNC), so it has no one place to probe.", indirect);
    }

    [Fact]
    public void Files_that_are_not_there_or_are_something_else_are_refused_with_a_sentence()
    {
        var missing = Assert.Throws<BpfException>(() => ElfSymbols.Resolve("/no/such/library.so", "f"));
        Assert.StartsWith("/no/such/library.so can't be read: ", missing.Message, StringComparison.Ordinal);
        var text = Assert.Throws<BpfFormatException>(() => ElfSymbols.Resolve("/etc/passwd", "f"));
        Assert.Equal("/etc/passwd is not a sound ELF file: it does not start as one.", text.Message);
        Assert.Throws<BpfException>(() => ElfSymbols.Resolve("/etc", "f"));
    }

    [Fact]
    public void A_damaged_file_gives_an_answer_or_a_sentence_and_nothing_else()
    {
        var sound = File.ReadAllBytes(Target);
        const int seed = 20261130; // the same damage every time: what a run finds, the next one finds again
        var random = new Random(seed);
        var path = Path.GetTempFileName();
        try
        {
            for (var round = 0; round < 400; round++)
            {
                var damaged = sound.AsSpan(0, round % 4 == 0 ? random.Next(sound.Length) : sound.Length).ToArray();
                for (var i = random.Next(1, 20); i > 0 && damaged.Length > 0; i--)
                {
                    // Headers are where damage does most.
                    var limit = Math.Min(random.Next(3) switch { 0 => 64, 1 => 1024, _ => int.MaxValue }, damaged.Length);
                    var at = random.Next(2) == 0 ? random.Next(limit) : damaged.Length - 1 - random.Next(Math.Min(4096, damaged.Length));
                    damaged[at] = (byte)random.Next(256);
                }

                File.WriteAllBytes(path, damaged);
                try
                {
                    ElfSymbols.TryResolve(path, "probed_function", out _, out _);
                }
                catch (BpfException)
                {
                    continue;
                }
                catch (Exception e)
                {
                    var start = Convert.ToHexString(damaged.AsSpan(0, Math.Min(128, damaged.Length)));
                    Assert.Fail($"seed {seed}, round {round}: {e}\n{start}");
                }
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<(string Name, ulong Value)> Functions(string symbols)
    {
        foreach (var line in symbols.Split('\n'))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 3 && parts[1] is "T" or "t")
                yield return (parts[2], ulong.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
    }

    private static (ulong Offset, ulong Address, ulong Size) ExecutableSegment(string path)
    {
        foreach (var line in Run("llvm-readelf", "-lW", path).Split('\n'))
        {
            var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 8 && parts[0] == "LOAD" && parts[7] == "E")
                return (Hex(parts[1]), Hex(parts[2]), Hex(parts[4]));
        }

        throw new InvalidDataException(path);

        static ulong Hex(string text) => Convert.ToUInt64(text, 16);
    }

    private static string Run(string tool, params string[] arguments)
    {
        var text = new StringBuilder();
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true })!;
        text.Append(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text.ToString();
    }
}
