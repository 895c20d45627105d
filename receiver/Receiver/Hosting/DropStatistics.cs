namespace EbpfReceiver.Hosting;

/// <summary>Losses of one cause at one stage.</summary>
/// <param name="Stage">Where: <c>kernel</c>, <c>router</c>, <c>batcher</c> or the name of an outlet.</param>
/// <param name="Cause">Why, such as <c>buffer_full</c>, <c>undecodable</c>, <c>queue_full</c>.</param>
/// <param name="Count">How many samples (kernel, router) or items (batcher, outlets).</param>
public sealed record DropStatistics(string Stage, string Cause, long Count);
