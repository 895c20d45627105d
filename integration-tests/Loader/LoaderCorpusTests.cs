using System.Text;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Loader;

/// <summary>The objects of libbpf-tools, which nobody here wrote, on every kernel of the matrix: ours beside libbpf's on the same kernel.</summary>
public sealed class LoaderCorpusTests
{
    public static TheoryData<string> Kernels => [.. LoaderRun.Kernels];

    [Theory, MemberData(nameof(Kernels))]
    public void What_libbpf_loads_is_loaded_and_what_is_refused_is_said_why(string kernel)
    {
        LoaderRun run = LoaderRun.On(kernel);
        Assert.True(run.Reference.Count > 200, $"only {run.Reference.Count} programs");
        StringBuilder table = new();
        List<string> wrong = [];
        foreach ((string program, string reference) in run.Reference)
        {
            LoaderOutcome? ours = run.Corpus.GetValueOrDefault(program) ?? run.Corpus.GetValueOrDefault(program.Split(' ')[0] + " -");
            string verdict = ours is null ? "missing" : $"{ours.Outcome} {ours.Reason}".TrimEnd();
            bool good = reference == "loaded" ? ours?.Outcome == "loaded" : ours?.Outcome == "loaded" || (ours?.Outcome == LoaderOutcome.Refused && SaysWhy(ours.Reason));
            if (!good)
                wrong.Add($"{program}: libbpf {reference}, ours {verdict}");
            if (ours?.Outcome != "loaded" || reference != "loaded")
                table.AppendLine($"{program}: libbpf {reference}, ours {verdict}");
        }

        int loaded = run.Corpus.Values.Count(ours => ours.Outcome == "loaded");
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"of {run.Reference.Count} programs libbpf loads {run.Reference.Values.Count(reference => reference == "loaded")}, ours {loaded}\n{table}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // What is missing by name, what the verifier complained of and where, or who forbids it.
    private static bool SaysWhy(string reason) =>
        reason.Contains("the kernel's types have no ", StringComparison.Ordinal)
        || reason.Contains("which this kernel does not have", StringComparison.Ordinal)
        || reason.Contains("a policy refuses it", StringComparison.Ordinal)
        || reason.Contains("was refused by the verifier", StringComparison.Ordinal)
        || reason.Contains("does not know", StringComparison.Ordinal);
}
