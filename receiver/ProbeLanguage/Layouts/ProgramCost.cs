namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a hit of one program costs at most.</summary>
/// <param name="Program">Name of the program.</param>
/// <param name="WorstCaseInstructions">Instructions on the longest way through it. There are no loops, so it is exact.</param>
/// <param name="HelperCalls">Calls of kernel helpers on that way.</param>
/// <param name="EstimatedNanoseconds">
/// An estimate for a hit: instructions, helpers and the kind's entry, from measurements on x86-64 servers. A magnitude.
/// </param>
public sealed record ProgramCost(string Program, int WorstCaseInstructions, int HelperCalls, int EstimatedNanoseconds);
