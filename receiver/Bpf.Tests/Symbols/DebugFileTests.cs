using System.Text;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Symbols;

/// <summary>Files that were really stripped, with their symbols elsewhere (objcopy, binutils).</summary>
public sealed class DebugFileTests : IDisposable
{
    private const string Symbol = "probed_function";
    private readonly string _folder = Directory.CreateTempSubdirectory("debug-files-").FullName;

    [Theory]
    [InlineData("target.debug")]
    [InlineData(".debug/target.debug")]
    public void A_stripped_file_has_its_symbols_where_its_debug_link_says(string place)
    {
        var (stripped, expected) = Strip(withBuildId: false);
        Assert.False(ElfSymbols.TryResolve(stripped, Symbol, out _, out var problem));
        Assert.StartsWith($"{stripped} has no symbols (it is stripped)", problem.Replace("does not define the function probed_function",
            "has no symbols (it is stripped)", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains($"there is no debug file of this build for it ({_folder}/target.debug", problem, StringComparison.Ordinal);

        Directory.CreateDirectory($"{_folder}/.debug");
        File.Move($"{_folder}/made.debug", $"{_folder}/{place}");
        Assert.Equal(expected, ElfSymbols.Resolve(stripped, Symbol));
        Assert.Contains(ElfSymbols.Matching(stripped, "probed_*"), f => f == new ElfFunction(Symbol, expected));

        // Another build's: the checksum tells.
        using (var file = new FileStream($"{_folder}/{place}", FileMode.Append))
            file.WriteByte(0);
        Assert.False(ElfSymbols.TryResolve(stripped, Symbol, out _, out _));
    }

    [Fact]
    public void Mini_debug_info_is_named_as_what_is_not_read()
    {
        var (stripped, _) = Strip(withBuildId: false);
        File.WriteAllText($"{_folder}/mini", "xz");
        Toolchain.Run("objcopy", $"--add-section .gnu_debugdata={_folder}/mini {stripped}");
        Assert.False(ElfSymbols.TryResolve(stripped, Symbol, out _, out var problem));
        Assert.Contains("; its mini debug info (.gnu_debugdata) is compressed by xz and is not read, so install the debug symbols of its package",
            problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stripped_file_has_its_symbols_where_its_build_id_says()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Writes below /usr/lib/debug.");
        var (stripped, expected) = Strip(withBuildId: true);
        string hex;
        using (var file = ImageFile.Open(stripped))
            hex = Convert.ToHexStringLower(DebugFile.BuildIdOf(file));
        Assert.Equal(40, hex.Length);
        Assert.Contains(hex, Toolchain.Run("readelf", $"-nW {stripped}"), StringComparison.Ordinal);
        var directory = Directory.CreateDirectory($"/usr/lib/debug/.build-id/{hex[..2]}");
        var path = $"{directory.FullName}/{hex[2..]}.debug";
        try
        {
            File.Move($"{_folder}/made.debug", path);
            Assert.Equal(expected, ElfSymbols.Resolve(stripped, Symbol));
        }
        finally
        {
            File.Delete(path);
            if (directory.GetFileSystemInfos().Length == 0)
                directory.Delete();
        }
    }

    [Fact]
    public void An_instruction_in_a_function_is_named_by_its_offset_up_to_the_end()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Objects", "target");
        var start = ElfSymbols.Resolve(path, Symbol);
        Assert.Equal(start + 4, ElfSymbols.Resolve(path, $"{Symbol}+4"));
        Assert.Equal(start + 4, ElfSymbols.Resolve(path, $"{Symbol}+0x4"));
        Assert.Contains("+0x1000 is past the end of the function, which has ",
            Assert.Throws<BpfException>(() => ElfSymbols.Resolve(path, $"{Symbol}+0x1000")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("vfs_*", "vfs_read", true)]
    [InlineData("vfs_*", "xvfs_read", false)]
    [InlineData("*_read*", "vfs_readv", true)]
    [InlineData("v?s_read", "vfs_read", true)]
    [InlineData("v?s_read", "vs_read", false)]
    [InlineData("a*b*c", "aXbXbXc", true)]
    [InlineData("a*b*c", "aXbXbX", false)]
    [InlineData("", "x", false)]
    public void Patterns_have_stars_and_question_marks(string pattern, string name, bool fits) => Assert.Equal(fits, Glob.IsMatch(pattern, name));

    [Fact]
    public void Lines_of_kallsyms_are_taken_apart()
    {
        Assert.True(KernelSymbols.TryParse("ffffffff81234560 T vfs_read", out var own));
        Assert.Equal(new KernelSymbol(0xffffffff81234560, 'T', "vfs_read", ""), own);
        Assert.True(KernelSymbols.TryParse("ffffffffc0001000 t nf_hook\t[nf_tables]", out var module));
        Assert.Equal(new KernelSymbol(0xffffffffc0001000, 't', "nf_hook", "nf_tables"), module);
        foreach (var line in (string[])["", "xyz", "0", "ffff T", "zz T name"])
            Assert.False(KernelSymbols.TryParse(line, out _), line);
    }

    [Fact]
    public void Functions_that_can_be_traced_are_found_by_pattern()
    {
        using var addresses = new MemoryStream(Encoding.ASCII.GetBytes("ffffffff81000010 vfs_read\nffffffff81000020 vfs_write [m]\nffffffff81000030 x\nbad\n"));
        Assert.Equal([0xffffffff81000010, 0xffffffff81000020], ProbedFunctions.ReadAddresses(addresses, "vfs_*"));
        using var names = new MemoryStream(Encoding.ASCII.GetBytes("vfs_read\nvfs_write [m]\nx\nvfs_read\n"));
        Assert.Equal(["vfs_read", "vfs_write"], ProbedFunctions.ReadNames(names, "vfs_*").Order());
    }

    [Fact]
    public void Files_are_found_by_their_bare_names()
    {
        Assert.Equal("/a/b", ProbedFiles.Locate("/a/b"));
        Assert.EndsWith("/libc.so.6", ProbedFiles.Locate("libc.so.6"), StringComparison.Ordinal);
        Assert.EndsWith("/libc.so.6", ProbedFiles.Locate("libc"), StringComparison.Ordinal);
        Assert.EndsWith("/sh", ProbedFiles.Locate("sh"), StringComparison.Ordinal);
        Assert.StartsWith("There is no program no-such-program in PATH (",
            Assert.Throws<BpfException>(() => ProbedFiles.Locate("no-such-program")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checksum_is_that_of_zlib() => Assert.Equal(0xcbf43926u, Crc32.Append(Crc32.Append(0, "1234"u8), "56789"u8));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (string Stripped, ulong Expected) Strip(bool withBuildId)
    {
        var whole = Toolchain.CompileNative("Objects/target.c", withBuildId ? "-g -Wl,--build-id=sha1" : "-g -Wl,--build-id=none");
        var stripped = $"{_folder}/target";
        Toolchain.Run("objcopy", $"--only-keep-debug {whole} {_folder}/made.debug");
        Toolchain.Run("objcopy", $"--strip-all {whole} {stripped}");
        if (!withBuildId)
        {
            // The link is to a file of that name, wherever it will be.
            File.Copy($"{_folder}/made.debug", $"{_folder}/target.debug");
            Toolchain.Run("objcopy", $"--add-gnu-debuglink={_folder}/target.debug {stripped}");
            File.Delete($"{_folder}/target.debug");
        }

        return (stripped, ElfSymbols.Resolve(whole, Symbol));
    }
}
