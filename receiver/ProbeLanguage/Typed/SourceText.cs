namespace EbpfReceiver.ProbeLanguage;

/// <summary>A line of a probe file that instructions come from; the kernel and bpftool show it beside them.</summary>
/// <param name="Location">File, line and column.</param>
/// <param name="Text">The line as it stands in the file.</param>
public readonly record struct SourceText(SourceLocation Location, string Text);
