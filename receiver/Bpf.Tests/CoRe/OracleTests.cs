using System.Buffers.Binary;
using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>
/// Relocated instructions, byte for byte against libbpf. The objects of libbpf-tools are relocated against the types of each kernel of
/// the matrix; BPF_OBJECTS adds objects (files, with colons between them).
/// </summary>
public sealed class OracleTests
{
    [Fact]
    public void Programs_against_a_kernel_that_differs_are_relocated_as_libbpf_does()
    {
        var path = Toolchain.CompileBpf("CoRe/relocations.bpf.c");
        var compared = Compare("relocations", path, BtfFile("CoRe/kernel.c"));
        Assert.Equal(BpfObjectSpec.Parse(File.ReadAllBytes(path), path).Programs.Count, compared);
    }

    [Fact]
    public void Maps_variables_and_callbacks_are_relocated_as_libbpf_does() =>
        Assert.Equal(5, Compare("maps", Toolchain.CompileBpf("Specs/maps.bpf.c"), BtfFile("CoRe/kernel.c")));

    [Fact]
    public void Generated_programs_are_relocated_or_refused_as_libbpf_does()
    {
        var folder = Directory.CreateTempSubdirectory("generated-").FullName;
        try
        {
            for (var seed = 1; seed <= 4; seed++)
            {
                var (programs, kernel) = GeneratedTypes.Of(seed);
                var (source, types) = (Path.Combine(folder, $"{seed}.bpf.c"), Path.Combine(folder, $"{seed}.c"));
                File.WriteAllText(source, programs);
                File.WriteAllText(types, kernel);
                // Compilers widen the load of a bit field past its struct, and warn.
                var count = Compare($"seed {seed}", Toolchain.CompileBpf(source, "-Wno-everything"), BtfFile(types));
                Assert.True(count > 60, $"seed {seed}: {count} programs");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Types_match_as_libbpf_says()
    {
        var image = File.ReadAllBytes(Toolchain.CompileBpf("CoRe/relocations.bpf.c"));
        MatchInsteadOfExist(image);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, image);
            Assert.True(Compare("matches", path, BtfFile("CoRe/kernel.c")) > 80);
        }
        finally
        {
            File.Delete(path);
        }
        var spec = BpfObjectSpec.Parse(image, "matches");
        var kernel = BtfTypes.LoadFile(BtfFile("CoRe/kernel.c"));
        var values = spec.Programs.Where(p => p.SectionName == "tp/matches")
            .ToDictionary(p => p.Name, p => ProgramLinker.Link(spec, p, kernel).Relocations.Single().TargetValue);
        Assert.Equal(1ul, values["matches_yes"]);
        Assert.Equal(0ul, values["matches_no"]);
        // GONE is gone.
        Assert.Equal(0ul, values["matches_enum"]);
        // x and y have swapped their types.
        Assert.Equal(0ul, values["matches_union"]);
        Assert.Equal(1ul, values["matches_function"]);
    }

    [Theory, MemberData(nameof(KernelMatrix.Names), MemberType = typeof(KernelMatrix))]
    public void Objects_of_libbpf_tools_are_relocated_as_libbpf_does(string kernel)
    {
        var btf = KernelMatrix.TypesOf(kernel);
        var folder = Directory.CreateTempSubdirectory("corpus-").FullName;
        var compared = 0;
        try
        {
            foreach (var (name, image) in LibbpfTools.Objects())
                File.WriteAllBytes(Path.Combine(folder, name), image);
            foreach (var path in Directory.GetFiles(folder).Concat(PathsFrom("BPF_OBJECTS")))
                compared += Compare($"{Path.GetFileName(path)} on {kernel}", path, btf);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{compared} programs are the same");
        Assert.True(compared > 200, $"only {compared} programs could be compared");
    }

    [Theory, MemberData(nameof(KernelMatrix.Names), MemberType = typeof(KernelMatrix))]
    public void Types_that_a_kernel_has_twice_are_relocated_or_refused_as_libbpf_does(string kernel)
    {
        var btf = KernelMatrix.TypesOf(kernel);
        var (source, names) = AmbiguousTypes.Of(BtfTypes.LoadFile(btf));
        Assert.True(names.Count >= 5, $"only {names.Count} types are there twice");
        var folder = Directory.CreateTempSubdirectory("ambiguous-").FullName;
        try
        {
            var path = Path.Combine(folder, "ambiguous.bpf.c");
            File.WriteAllText(path, source);
            var (same, refused) = LibbpfRelocation.Compare(
                $"ambiguous on {kernel}", Toolchain.CompileBpf(path, "-Wno-everything"), btf, together: true);
            TestContext.Current.TestOutputHelper!.WriteLine($"{string.Join(", ", names)}: {same} programs are the same, {refused} are refused by both");
            Assert.True(same >= 5 * names.Count, $"only {same} programs are the same");
            Assert.True(refused >= names.Count, $"only {refused} programs are refused");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] PathsFrom(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    private static string BtfFile(string source) => Toolchain.CompileBtf(source);

    private static int Compare(string name, string path, string btf) => LibbpfRelocation.Compare(name, path, btf).Same;

    /// <summary>Changes the kind of the relocations of section tp/matches.</summary>
    private static void MatchInsteadOfExist(byte[] image)
    {
        var elf = ElfObject.Parse(image, "matches");
        var types = BtfTypes.Parse(elf.BytesOf(elf.Find(".BTF")!));
        var section = elf.Find(".BTF.ext")!;
        var table = BtfExtension.Parse(elf.BytesOf(section), types).RelocationsOf("tp/matches");
        Assert.Equal(5, table.Count);
        for (var i = 0; i < table.Count; i++)
        {
            Assert.Equal(CoreRelocationKind.TypeExists, CoreRelocation.Read(table[i]).Kind);
            var at = image.AsSpan((int)section.Offset).IndexOf(table[i]) + (int)section.Offset;
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at + 12), (uint)CoreRelocationKind.TypeMatches);
        }
    }
}
