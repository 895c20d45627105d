using Xunit;

namespace EbpfReceiver.IntegrationTests.Loader;

/// <summary>
/// The loader on every kernel of the matrix: programs that check themselves (LoaderCases) pass where the kernel has what they need,
/// and are refused with a sentence that says so where it has not.
/// </summary>
public sealed class LoaderTests
{
    private static readonly HashSet<string> s_mayBeMissingHere =
    [
        "kprobes by perf events", "kprobes by tracefs", "kprobe.multi links", "kprobe.session links", "trampolines (fentry, fexit)",
        "programs of type Tracing", "programs of type Extension", "programs of type Lsm",
    ];

    // Debian built 6.1 without CONFIG_FPROBE; and 7 allocates for arenas with cmpxchg16b, which is kept from our guests.
    private static readonly HashSet<(string, string)> s_leftOut = [("6.1", "kprobe.multi links"), ("7", "maps of type Arena")];

    public static TheoryData<string, string> Cases => [.. LoaderRun.Kernels.SelectMany(kernel => LoaderExpectation.On(kernel).Select(one => (kernel, one.Case)))];

    public static TheoryData<string> Kernels => [.. LoaderRun.Kernels];

    [Theory, MemberData(nameof(Cases))]
    public void A_case_passes_from_the_kernel_on_that_has_it_and_is_refused_by_name_before(string kernel, string name)
    {
        LoaderRun run = LoaderRun.On(kernel);
        LoaderOutcome outcome = run.Outcome(name);
        LoaderExpectation expected = LoaderExpectation.All.Single(one => one.Case == name);
        string? refusal = !expected.IsIn(run.Release) ? expected.Before
            : expected.LeftOutOf is { } left && left.Kernel == kernel ? left.Says
            : kernel == LoaderRun.ThisMachine && outcome.Outcome == LoaderOutcome.Refused ? expected.UnlessHere
            : null;
        Assert.True(outcome.Outcome == (refusal is null ? LoaderOutcome.Passed : LoaderOutcome.Refused), $"{outcome.Outcome}: {outcome.Reason}");
        if (refusal is not null)
            Assert.True(refusal.Split('|').Any(part => outcome.Reason.Contains(part, StringComparison.Ordinal)), $"no {refusal} in: {outcome.Reason}");
    }

    [Theory, MemberData(nameof(Kernels))]
    public void No_case_is_without_an_expectation(string kernel) =>
        Assert.Equal(LoaderExpectation.On(kernel).Select(one => one.Case).Order(), LoaderRun.On(kernel).Outcomes.Keys.Order());

    [Theory, MemberData(nameof(Kernels))]
    public void A_feature_is_found_from_the_kernel_on_that_is_claimed_for_it(string kernel)
    {
        LoaderRun run = LoaderRun.On(kernel);
        IReadOnlyDictionary<string, string> features = run.Outcome("kernel.features").Facts;
        Assert.True(features.Count >= 80, $"{features.Count} features");
        List<string> wrong = [];
        foreach ((string feature, string answer) in features)
        {
            string[] words = answer.Split(' ', 3); // Yes|No|Unknown MINIMUM REASON
            bool due = new Version(run.Release.Major, run.Release.Minor) >= Version.Parse(words[1]);
            // The kernel of this machine may have been built without something, or be told not to give it.
            bool excused = due && (kernel == LoaderRun.ThisMachine ? s_mayBeMissingHere.Contains(feature) : s_leftOut.Contains((kernel, feature)));
            if (words[0] != (due ? "Yes" : "No") && !excused)
                wrong.Add($"{feature}: {answer}");
            if (words[0] == "No" && words[2].Length < 20)
                wrong.Add($"{feature}: no reason is given");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

}
