using Xunit;

namespace EbpfReceiver.Bpf.Tests;

public sealed class CorpusTests
{
    [Fact]
    public void Every_object_of_libbpf_tools_is_read_and_linked()
    {
        var objects = LibbpfTools.Objects();
        Assert.True(objects.Count > 40, $"{objects.Count} objects");
        var kernel = File.Exists(BtfTypes.KernelPath) ? BtfTypes.LoadKernel() : null;
        Assert.SkipUnless(kernel is not null, "this kernel shows no BTF");
        var linked = 0;
        foreach (var (name, image) in objects)
        {
            var spec = BpfObjectSpec.Parse(image, name);
            Assert.NotEmpty(spec.Programs);
            foreach (var program in spec.Programs)
            {
                try
                {
                    var result = ProgramLinker.Link(spec, program, kernel);
                    foreach (var r in result.Relocations.Where(r => r.IsPoisoned))
                        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {r.Problem}");
                    linked++;
                }
                catch (BpfRelocationException e)
                {
                    TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {e.Message}");
                }
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"linked {linked}");
    }
}
