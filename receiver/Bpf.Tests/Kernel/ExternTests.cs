using System.Globalization;
using System.Text;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class ExternTests
{
    [Fact]
    public void A_program_finds_what_the_kernel_defines_and_zero_for_what_it_does_not()
    {
        KernelAccess.Require(KernelFeature.RawTracepoint);
        Assert.SkipUnless(File.Exists("/proc/config.gz") && File.Exists(BtfTypes.KernelPath), "The kernel shows no configuration or no types.");
        var configuration = KernelConfiguration.LoadRunning()!;
        using var loaded = BpfObject.Create(Parse(), new BpfObjectOptions { KernelTypes = KernelAccess.KernelTypes });
        using (loaded.Load("looks").Attach())
            Thread.Sleep(20); // a system call

        ulong Of(string name) => Globals.Number(loaded, name);
        string Configured(string name) => configuration.TryGet(name, out var value) ? value : "";
        Assert.Equal(ulong.Parse(Configured("CONFIG_HZ"), CultureInfo.InvariantCulture), Of("hz"));
        Assert.Equal((1ul, (ulong)'y', 0ul, 0ul), (Of("has_bpf"), Of("bpf"), Of("nothing"), Of("no_value")));
        Assert.Equal(Configured("CONFIG_BPF_JIT") == "y" ? 1ul : 0, Of("jit"));
        Assert.Equal(ulong.Parse(Configured("CONFIG_ILLEGAL_POINTER_VALUE").AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture), Of("illegal"));
        // Seven characters of the text, and the zero that ends it.
        Assert.Equal(Configured("CONFIG_CC_VERSION_TEXT")[1..8] + "\0", Encoding.UTF8.GetString(Globals.Read(loaded, "compiler")));
        var version = Environment.OSVersion.Version;
        Assert.Equal((ulong)((version.Major << 16) + (version.Minor << 8) + Math.Min(version.Build, 255)), Of("version"));
        Assert.Equal(KernelFeatures.Probe(KernelFeature.AttachCookie).IsAvailable ? 1ul : 0, Of("cookie"));
        var schedule = File.ReadLines("/proc/kallsyms").First(l => l.EndsWith(" schedule", StringComparison.Ordinal));
        Assert.Equal(ulong.Parse(schedule[..16], NumberStyles.HexNumber, CultureInfo.InvariantCulture), Of("address"));
        Assert.Equal((0ul, 0ul, 0ul), (Of("missing_symbol"), Of("missing_variable"), Of("missing_function")));
    }

    [Fact]
    public void A_variable_of_the_kernel_is_read_by_its_type()
    {
        KernelAccess.Require(KernelFeature.RawTracepoint);
        Assert.SkipUnless(
            KernelSymbolTable.Has("bpf_prog_active") == true && KernelAccess.KernelTypes.TryFind("bpf_prog_active", BtfKind.Variable, out _),
            "The kernel was built without CONFIG_KALLSYMS_ALL, so it does not find its own variables.");
        using var loaded = BpfObject.Create(Parse(), new BpfObjectOptions { KernelTypes = KernelAccess.KernelTypes });
        using (loaded.Load("reads_variable").Attach())
            Thread.Sleep(20);
        // The per-CPU counter of running programs; it was -1 before.
        Assert.InRange((int)Globals.Number(loaded, "active"), 0, 100);
    }

    [Fact]
    public void A_configuration_of_the_callers_is_taken_for_the_kernels()
    {
        KernelAccess.Require(KernelFeature.KernelTypes);
        var text = "# comment\nCONFIG_HZ=123\nCONFIG_BPF_SYSCALL=n\nCONFIG_BPF_JIT=m\nCONFIG_CC_VERSION_TEXT=\"x\"\n";
        using var loaded = BpfObject.Create(Parse(), new BpfObjectOptions { Configuration = KernelConfiguration.Parse(text, "a test") });
        var values = new byte[loaded.Map(".kconfig").ValueSize];
        Assert.True(loaded.Map(".kconfig").TryLookup(stackalloc byte[4], values));
        int Offset(string name) => loaded.Spec.Externs.Single(e => e.Name == name).Offset;
        Assert.Equal(123, BitConverter.ToInt32(values, Offset("CONFIG_HZ")));
        Assert.Equal(2, BitConverter.ToInt32(values, Offset("CONFIG_BPF_JIT")));
        Assert.Equal(0, values[Offset("CONFIG_BPF_SYSCALL")]);
        Assert.Equal((byte)'x', values[Offset("CONFIG_CC_VERSION_TEXT")]);
        Assert.Equal(0, values[Offset("CONFIG_CC_VERSION_TEXT") + 1]);
    }

    [Theory]
    [InlineData("CONFIG_HZ=5000000000", "The configuration value CONFIG_HZ of externs is 5000000000 on this kernel, which a variable of type int can't hold.")]
    [InlineData("CONFIG_HZ=y", "The configuration value CONFIG_HZ of externs is y on this kernel, which a variable of type int can't hold.")]
    [InlineData("CONFIG_HZ=0x", "The configuration value CONFIG_HZ of externs is 0x on this kernel, which a variable of type int can't hold.")]
    [InlineData("CONFIG_X=y", "The configuration value CONFIG_HZ of externs is not in the kernel's configuration (a test); declare it __weak if the program can do without.")]
    public void A_value_that_does_not_fit_is_refused(string line, string message)
    {
        var spec = Parse();
        var configuration = KernelConfiguration.Parse(
            $"CONFIG_BPF_SYSCALL=n\nCONFIG_BPF_JIT=m\nCONFIG_CC_VERSION_TEXT=\"x\"\n{line}\n", "a test");
        var error = Assert.Throws<BpfException>(
            () => ConfigurationValues.Fill(spec, spec.Maps[".kconfig"].ValueSize, () => configuration, static _ => 1));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void A_value_that_is_not_weak_has_to_be_there()
    {
        var spec = Parse("-DSTRONG");
        var error = Assert.Throws<BpfException>(() => ConfigurationValues.Fill(spec, 64, static () => null, static _ => 1));
        Assert.EndsWith("which is neither in /proc/config.gz nor in /boot.", error.Message);
    }

    [Fact]
    public void Kernel_functions_are_called_by_their_types()
    {
        KernelAccess.Require(KernelFeature.TpBtf);
        Assert.SkipUnless(KernelAccess.KernelTypes.TryFind("bpf_rcu_read_lock", BtfKind.Function, out _), "The kernel has no bpf_rcu_read_lock.");
        using var loaded = BpfObject.Create(Parse("-DCALLS"), new BpfObjectOptions { KernelTypes = KernelAccess.KernelTypes });
        Assert.Equal("locks", loaded.Load("locks").Info().Name);
        Assert.Equal("locks_by_flavou", loaded.Load("locks_by_flavour").Info().Name);

        var missing = Assert.Throws<BpfLoadException>(() => loaded.Load("calls_missing"));
        Assert.StartsWith(
            "Program calls_missing (raw_tp/sys_enter) calls the kernel function no_such_function (void (void)), which this kernel does not have as the "
            + "program knows it (instruction 0, externs.bpf.c:", missing.Message);
        var strange = Assert.Throws<BpfLoadException>(() => loaded.Load("calls_with_other_arguments"));
        Assert.Equal(
            "Program calls_with_other_arguments calls the kernel function bpf_rcu_read_lock_trace_held (long (int, int)), which neither this kernel nor one "
            + "of its loaded modules has.", strange.Message);
        var other = Assert.Throws<BpfLoadException>(() => loaded.Load("unlocks_with_arguments"));
        Assert.Equal(
            "Program unlocks_with_arguments calls the kernel function bpf_rcu_read_unlock___other (void (struct opaque *, u32)), which this kernel has "
            + "as void (void).", other.Message);
        // Weak: a function of another type is none, a variable of another type is refused, as by the reference loader.
        Assert.Equal("does_without_ar", loaded.Load("does_without_arguments").Info().Name);
        if (KernelAccess.KernelTypes.TryFind("runqueues", BtfKind.Variable, out _))
        {
            Assert.Equal(
                "Program takes_a_struct_for_a_number uses the kernel variable runqueues (const int), which this kernel has as struct rq.",
                Assert.Throws<BpfLoadException>(() => loaded.Load("takes_a_struct_for_a_number")).Message);
        }
    }

    [Fact]
    public void Arrays_of_maps_and_programs_have_the_entries_of_the_object()
    {
        KernelAccess.Require(KernelFeature.RawTracepoint);
        var spec = BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("Programs/entries.bpf.c")), "entries");
        Assert.Equal([new MapInitialEntry(1, "second"), new MapInitialEntry(3, "first")], spec.Maps["outer"].InitialEntries);
        Assert.Equal([new MapInitialEntry(5, "jumped")], spec.Maps["programs"].InitialEntries);

        using var loaded = BpfObject.Create(spec);
        var outer = loaded.Map("outer").AsMapOfMaps<uint>();
        Assert.True(outer.TryGetId(1, out var second));
        Assert.True(outer.TryGetId(3, out var first));
        Assert.Equal((loaded.Map("second").Id, loaded.Map("first").Id), (second, first));
        Assert.False(outer.TryGetId(0, out _));

        var programs = loaded.LoadAll();
        Assert.Equal(["jumped", "jumps"], programs.Select(p => p.Spec.Name).Order());
        var jumps = programs.Single(p => p.Spec.Name == "jumps");
        Assert.Equal(["programs"], jumps.Maps.Select(m => m.Name));
        using (jumps.Attach())
            Thread.Sleep(20);
        Assert.Equal(7ul, Globals.Number(loaded, "reached"));
    }

    [Fact]
    public void A_map_that_is_not_made_is_named_when_a_program_uses_it()
    {
        KernelAccess.Require(KernelFeature.RawTracepoint);
        var spec = BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("Programs/entries.bpf.c")), "entries");
        spec.Maps["programs"].AutoCreate = false;
        using var loaded = BpfObject.Create(spec);
        var error = Assert.Throws<BpfLoadException>(() => loaded.Load("jumps"));
        Assert.StartsWith("Program jumps (raw_tp/sys_enter) uses map programs, which was not made (instruction ", error.Message);
        Assert.Equal("jumped", loaded.Load("jumped").Spec.Name);
    }

    private static BpfObjectSpec Parse(string flags = "") =>
        BpfObjectSpec.Parse(File.ReadAllBytes(Toolchain.CompileBpf("Programs/externs.bpf.c", flags)), "externs");
}
