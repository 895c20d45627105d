namespace EbpfReceiver.ProbeLanguage;

/// <summary>A piece of a span's name or a log record's body.</summary>
/// <param name="Literal">Text; empty if it is an attribute.</param>
/// <param name="Attribute">Index of the attribute whose decoded value stands here; -1: it is text.</param>
public readonly record struct TemplatePart(string Literal, int Attribute = -1);
