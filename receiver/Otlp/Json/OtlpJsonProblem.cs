namespace EbpfReceiver.Otlp;

/// <summary>Why a document is not taken.</summary>
/// <param name="Reason">A part of a sentence, for people: what was expected, and where.</param>
/// <param name="TooLarge">The request would be larger than is allowed; else the document is malformed.</param>
public sealed record OtlpJsonProblem(string Reason, bool TooLarge);
