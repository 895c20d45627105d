using EbpfReceiver.Bpf;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class CatalogueKernelTests
{
    public static TheoryData<string> Kernels => [.. CatalogueGaps.Kernels];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_catalogue_is_bound_and_compiled_for_a_kernel_but_for_what_it_has_no_hook_for(string kernel)
    {
        ProbeTarget target = CatalogueKernel.Of(kernel);
        IReadOnlyDictionary<string, string> gaps = CatalogueGaps.Of(kernel);
        var wrong = new List<string>();
        foreach (ProbeDefinition definition in CatalogueFiles.Probes.Where(p => !IsOfPrograms(p)))
        {
            string? reason = null;
            try
            {
                ProbeBinding binding = ProbeBinder.Bind(definition, target);
                if (binding.Probe is { } probe)
                    Assert.NotEmpty(ProbeCompiler.Compile(probe, new() { KernelTypes = target.Types }).Programs);
                else
                    reason = binding.MissingReason;
            }
            catch (Exception e) when (e is ProbeLanguageException or BpfException)
            {
                reason = e.Message;
            }

            if (!gaps.TryGetValue(definition.Name, out string? expected) ? reason is not null : reason?.Contains(expected, StringComparison.Ordinal) != true)
                wrong.Add($"{definition.Name}: {reason ?? "is bound"}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // Programs and libraries depend on the machine, not on the kernel.
    private static bool IsOfPrograms(ProbeDefinition probe) =>
        probe.On.End[0].Hooks[0].Kind is HookKind.Uprobe or HookKind.Uretprobe or HookKind.Usdt;
}
