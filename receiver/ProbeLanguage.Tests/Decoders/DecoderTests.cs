using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests.Decoders;

public class DecoderTests
{
    [Theory]
    [InlineData(-2, "ENOENT")]
    [InlineData(2, "ENOENT")]
    [InlineData(-11, "EAGAIN")]
    [InlineData(111, "ECONNREFUSED")]
    [InlineData(-133, "EHWPOISON")]
    [InlineData(-512, "ERESTARTSYS")]
    [InlineData(-519, "ENOPARAM")]
    [InlineData(-521, "EBADHANDLE")]
    [InlineData(-4000, "_OTHER")]
    [InlineData(0xFFFFFFF3L, "EACCES")]
    public void Errno_names_errors_of_either_sign(long number, string name) =>
        Assert.Equal(name, Decode(DecodedValue.Signed(number), "errno").ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(1000)]
    [InlineData(-5000)]
    public void Errno_leaves_out_what_is_no_error(long number) =>
        Assert.Equal(DecodedKind.None, Decode(DecodedValue.Signed(number), "errno").Kind);

    [Fact]
    public void Syscall_knows_the_numbers_of_this_architecture()
    {
        // The kernel's own header, through what the C library was built with.
        string header = File.Exists("/usr/include/x86_64-linux-gnu/asm/unistd_64.h") ? "/usr/include/x86_64-linux-gnu/asm/unistd_64.h" : "";
        Assert.SkipUnless(header.Length > 0, "There is no header with the numbers of system calls.");
        int compared = 0;
        foreach (string line in File.ReadLines(header))
        {
            string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is not ["#define", ['_', '_', 'N', 'R', '_', .. var name], var number]) continue;
            Assert.Equal(name, Decode(DecodedValue.Signed(int.Parse(number)), "syscall").ToString());
            compared++;
        }

        Assert.InRange(compared, 300, 1000);
        Assert.Equal("100000", Decode(DecodedValue.Signed(100000), "syscall").ToString());
    }

    [Fact]
    public void String_ends_at_the_first_nul_and_replaces_what_is_not_utf8()
    {
        Assert.Equal("nginx", Decode(DecodedValue.Of("nginx\0junk"u8.ToArray()), "string").ToString());
        Assert.Equal("a\uFFFDb", Decode(DecodedValue.Of(new byte[] { (byte)'a', 0xFF, (byte)'b' }), "string").ToString());
        Assert.Equal("-7", Decode(DecodedValue.Signed(-7), "string").ToString());
    }

    [Fact]
    public void Uint_and_hex_write_numbers()
    {
        Assert.Equal("18446744073709551615", Decode(DecodedValue.Signed(-1), "uint").ToString());
        Assert.Equal("513", Decode(DecodedValue.Of(new byte[] { 1, 2 }), "uint").ToString());
        Assert.Equal("0x201", Decode(DecodedValue.Unsigned(513), "hex").ToString());
        Assert.Equal("00ff10", Decode(DecodedValue.Of(new byte[] { 0, 0xFF, 0x10 }), "hex").ToString());
    }

    [Fact]
    public void Inet_ip_writes_both_versions()
    {
        Assert.Equal("10.1.2.3", Decode(DecodedValue.Of(new byte[] { 10, 1, 2, 3 }), "inet_ip").ToString());
        Assert.Equal("127.0.0.1", Decode(DecodedValue.Unsigned(0x0100007F), "inet_ip").ToString());
        byte[] six = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        Assert.Equal("2001:db8::1", Decode(DecodedValue.Of(six), "inet_ip").ToString());
    }

    [Fact]
    public void Ifname_knows_the_loopback_device()
    {
        Assert.Equal("lo", Decode(DecodedValue.Unsigned(1), "ifname").ToString());
        Assert.Equal("2000000000", Decode(DecodedValue.Unsigned(2000000000), "ifname").ToString());
    }

    [Fact]
    public void Majorminor_falls_back_to_the_numbers()
    {
        DecodedValue none = Decode(DecodedValue.Unsigned((4094u << 20) | 77), "majorminor");
        Assert.Equal("4094:77", none.ToString());
        if (!Directory.Exists("/sys/dev/block")) return;
        foreach (string link in Directory.EnumerateFileSystemEntries("/sys/dev/block").Take(8))
        {
            string[] numbers = Path.GetFileName(link).Split(':');
            uint device = (uint.Parse(numbers[0]) << 20) | uint.Parse(numbers[1]);
            Assert.Equal(Path.GetFileName(File.ResolveLinkTarget(link, false)!.FullName), Decode(DecodedValue.Unsigned(device), "majorminor").ToString());
        }
    }

    [Fact]
    public void Cgroup_finds_the_path_by_the_inode_of_the_directory()
    {
        string root = Directory.CreateTempSubdirectory("cgroups").FullName;
        try
        {
            string group = Directory.CreateDirectory(Path.Combine(root, "system.slice", "nginx.service")).FullName;
            ulong inode = InodeOf(group);
            var decoder = new CgroupDecoder(root);
            Assert.Equal("/system.slice/nginx.service", decoder.Decode(DecodedValue.Unsigned(inode), default).ToString());
            Assert.Equal("/", decoder.Decode(DecodedValue.Unsigned(InodeOf(root)), default).ToString());
            Assert.Equal("18446744073709551615", decoder.Decode(DecodedValue.Unsigned(ulong.MaxValue), default).ToString());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Ksym_takes_the_function_that_begins_before_the_address()
    {
        KernelSymbols symbols = KernelSymbols.Parse(
            "ffffffff81000000 T _text\nffffffff81000100 t first\nffffffff81000200 D data\nffffffff81000300 T last\t[module]\n"u8);
        Assert.Equal("_text", symbols.Find(0xffffffff81000000));
        Assert.Equal("first", symbols.Find(0xffffffff81000150));
        Assert.Equal("first", symbols.Find(0xffffffff810002FF));
        Assert.Equal("last", symbols.Find(0xffffffff81000301));
        Assert.Null(symbols.Find(0x1000));
    }

    [Fact]
    public void Ksym_leaves_addresses_where_the_kernel_hides_its_own() =>
        Assert.Null(KernelSymbols.Parse("0000000000000000 T _text\n0000000000000000 T other\n"u8).Find(0xffffffff81000000));

    [Fact]
    public void Usym_names_a_function_of_the_c_library()
    {
        nint library = System.Runtime.InteropServices.NativeLibrary.Load("libc.so.6");
        nint address = System.Runtime.InteropServices.NativeLibrary.GetExport(library, "getpgid");
        var chain = new DecoderChain([new DecoderSpec("usym")]);
        string name = chain.Decode(DecodedValue.Unsigned((ulong)address), new DecodingContext(Environment.ProcessId)).ToString();
        Assert.Contains("getpgid", name);
        Assert.Equal("0x10", chain.Decode(DecodedValue.Unsigned(0x10), new DecodingContext(Environment.ProcessId)).ToString());
    }

    [Fact]
    public void Static_map_compares_numbers_as_numbers_and_text_as_text()
    {
        var spec = new DecoderSpec("static_map") { Map = new Dictionary<string, string> { ["0"] = "read", ["0x1"] = "write", ["nginx"] = "web" } };
        Assert.Equal("read", Decode(DecodedValue.Unsigned(0), spec).ToString());
        Assert.Equal("write", Decode(DecodedValue.Signed(1), spec).ToString());
        Assert.Equal("web", Decode(DecodedValue.Of("nginx\0\0"u8.ToArray()), spec).ToString());
        Assert.Equal("7", Decode(DecodedValue.Unsigned(7), spec).ToString());
        Assert.Equal("other", Decode(DecodedValue.Unsigned(7), spec with { Default = "other" }).ToString());
        var truth = new DecoderSpec("static_map") { Map = new Dictionary<string, string> { ["true"] = "yes", ["false"] = "no" } };
        Assert.Equal("yes", Decode(DecodedValue.Boolean(true), truth).ToString());
    }

    [Fact]
    public void Regexp_takes_the_first_group_or_the_match_or_other()
    {
        var spec = new DecoderSpec("regexp") { Patterns = ["^kworker/", "^([a-z]+)-[0-9]+$"] };
        Assert.Equal("kworker/", Decode(DecodedValue.Of("kworker/0:1"), spec).ToString());
        Assert.Equal("worker", Decode(DecodedValue.Of("worker-17"), spec).ToString());
        Assert.Equal("_OTHER", Decode(DecodedValue.Of("nginx"), spec).ToString());
    }

    [Fact]
    public void Regexp_patterns_that_could_take_for_ever_are_refused()
    {
        Assert.Contains("can't be used", ProbeLanguage.Decoders.Check(new DecoderSpec("regexp") { Patterns = [@"(a)\1"] }));
        Assert.Contains("can't be used", ProbeLanguage.Decoders.Check(new DecoderSpec("regexp") { Patterns = ["(unclosed"] }));
        Assert.Null(ProbeLanguage.Decoders.Check(new DecoderSpec("regexp") { Patterns = ["(x+x+)+y"] }));
    }

    [Fact]
    public void Dname_reads_labels_and_stops_where_they_are_cut()
    {
        Assert.Equal("www.example.org", Decode(DecodedValue.Of("\u0003www\u0007example\u0003org\0\0"u8.ToArray()), "dname").ToString());
        Assert.Equal("www.ex", Decode(DecodedValue.Of("\u0003www\u0007ex"u8.ToArray()), "dname").ToString());
        Assert.Equal(".", Decode(DecodedValue.Of(new byte[] { 0 }), "dname").ToString());
        Assert.Equal("a", Decode(DecodedValue.Of(new byte[] { 1, (byte)'a', 0xC0, 0x0C }), "dname").ToString());
    }

    [Fact]
    public void Decoders_are_chained_and_remember()
    {
        var chain = new DecoderChain(
        [
            new DecoderSpec("errno"),
            new DecoderSpec("static_map") { Map = new Dictionary<string, string> { ["ENOENT"] = "missing" } },
        ]);
        Assert.Equal("missing", chain.Decode(DecodedValue.Signed(-2)).ToString());
        Assert.Equal("missing", chain.Decode(DecodedValue.Signed(-2)).ToString());
        Assert.Equal("EACCES", chain.Decode(DecodedValue.Signed(-13)).ToString());
        Assert.Equal(DecodedKind.None, chain.Decode(DecodedValue.Signed(0)).Kind);
    }

    [Fact]
    public void Unknown_decoders_are_refused_with_the_names_there_are()
    {
        string? problem = ProbeLanguage.Decoders.Check(new DecoderSpec("kstack"));
        Assert.Contains("There is no decoder kstack; there are string, uint", problem);
        foreach (string name in ProbeLanguage.Decoders.Names)
        {
            var spec = new DecoderSpec(name) { Map = new Dictionary<string, string> { ["1"] = "one" }, Patterns = ["a"] };
            Assert.Null(ProbeLanguage.Decoders.Check(spec));
        }
    }

    [Fact]
    public void Whatever_bytes_a_decoder_is_given_it_gives_something()
    {
        var random = new Random(4711);
        foreach (string name in ProbeLanguage.Decoders.Names)
        {
            var spec = new DecoderSpec(name) { Map = new Dictionary<string, string> { ["1"] = "one" }, Patterns = ["a"] };
            var chain = new DecoderChain([spec]);
            for (int i = 0; i < 50; i++)
            {
                byte[] bytes = new byte[random.Next(0, 40)];
                random.NextBytes(bytes);
                DecodedValue decoded = chain.Decode(DecodedValue.Of(bytes), new DecodingContext(Environment.ProcessId));
                Assert.True(decoded.ToString().Length <= 128, $"{name} of {Convert.ToHexString(bytes)}");
            }
        }
    }

    private static ulong InodeOf(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%i", path]) { RedirectStandardOutput = true })!;
        return ulong.Parse(stat.StandardOutput.ReadToEnd().Trim());
    }

    private static DecodedValue Decode(DecodedValue value, string decoder) => Decode(value, new DecoderSpec(decoder));

    private static DecodedValue Decode(DecodedValue value, DecoderSpec decoder) => new DecoderChain([decoder]).Decode(value);
}
