namespace EbpfReceiver.ProbeLanguage;

/// <summary>An attribute of a series, span or log record: part of a map's key, or a field of a sample.</summary>
/// <param name="Name">Name of the attribute.</param>
/// <param name="Type">Type of the raw value.</param>
/// <param name="Decoders">Applied one after the other in user space; empty: the value as its type says.</param>
/// <param name="IsReported">False: only a template names it.</param>
public sealed record BoundAttribute(string Name, ProbeType Type, IReadOnlyList<DecoderStep> Decoders, bool IsReported = true);
