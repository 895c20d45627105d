using System.Runtime.InteropServices;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases;

/// <summary>A loaded object whose programs check themselves (Objects/check.h).</summary>
internal sealed class CheckedObject(BpfObject loaded) : IDisposable
{
    public BpfObject Object { get; } = loaded;

    /// <summary>What the programs of the object have left.</summary>
    public Verdict Verdict
    {
        get
        {
            var verdict = default(Verdict);
            var found = Object.Map("verdict").TryLookup(stackalloc byte[4], MemoryMarshal.AsBytes(new Span<Verdict>(ref verdict)));
            CaseRun.True(found, "the object has no verdict");
            return verdict;
        }
    }

    /// <summary>Loads a program, attaches it as its section says, makes one trigger and asserts that all its checks held.</summary>
    public Verdict Run(string program)
    {
        using (Object.Load(program).Attach())
            CaseRun.Trigger();
        return Passed(program, 1);
    }

    /// <summary>Asserts how often a program ran, and that all checks held.</summary>
    public Verdict Passed(string program, uint runs)
    {
        var verdict = Verdict;
        if (verdict.FailedLine != 0)
        {
            throw new CaseFailedException($"{Object.Spec.Name}.bpf.c:{verdict.FailedLine}: the check of {program} failed in run {verdict.Runs}"
                + (verdict.Actual == verdict.Expected ? "" : $": expected {verdict.Expected}, got {verdict.Actual}"));
        }

        CaseRun.Equal(runs, verdict.Runs, $"runs of {program}");
        return verdict;
    }

    public void Dispose() => Object.Dispose();
}
