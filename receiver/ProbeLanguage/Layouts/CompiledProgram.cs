using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A compiled program, for people.</summary>
public sealed class CompiledProgram
{
    private readonly AssembledCode _code;

    internal CompiledProgram(string name, ProgramCost cost, AssembledCode code)
    {
        Name = name;
        Cost = cost;
        _code = code;
    }

    /// <summary>Name in <see cref="CompiledProbe.Object"/>: <c>hook__alternative</c> or <c>hook__alternative__part</c>.</summary>
    public string Name { get; }

    /// <summary>What it costs.</summary>
    public ProgramCost Cost { get; }

    /// <summary>
    /// Its instructions as bpftool writes them, with the lines of the probe file that they come from. Made each time: it is a fifth of the work of
    /// compiling, and larger than the program, for the few that are explained.
    /// </summary>
    public IReadOnlyList<string> Listing => ProgramListing.Of(_code);
}
