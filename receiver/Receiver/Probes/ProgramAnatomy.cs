namespace EbpfReceiver.Probes;

/// <summary>What the compiler of a declared probe knows of a program.</summary>
/// <param name="WorstCaseInstructions">Instructions on the longest way through it.</param>
/// <param name="HelperCalls">Calls of kernel helpers on that way.</param>
/// <param name="EstimatedNanosecondsPerHit">A magnitude.</param>
/// <param name="Listing">Its instructions as text, with the lines of the probe file that they come from.</param>
public sealed record ProgramAnatomy(int WorstCaseInstructions, int HelperCalls, int EstimatedNanosecondsPerHit, IReadOnlyList<string> Listing);
