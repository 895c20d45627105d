namespace EbpfReceiver.ProbeLanguage;

/// <summary>Two clauses of which one notes something for the other.</summary>
/// <param name="Start">The one that notes.</param>
/// <param name="End">The one that reads.</param>
/// <param name="Notes">The assignments in the start.</param>
internal sealed record BpftracePair(BpftraceClause Start, BpftraceClause End, IReadOnlyList<BpftraceAssignment> Notes);
