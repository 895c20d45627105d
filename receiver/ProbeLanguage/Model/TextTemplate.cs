namespace EbpfReceiver.ProbeLanguage;

/// <summary>A text with holes: <c>OOM kill of {comm} ({pid})</c>. Two braces stand for one.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Segments">What it is made of, in order.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Key">The key's full path in the file, for messages.</param>
public sealed record TextTemplate(string Text, IReadOnlyList<TextSegment> Segments, SourceLocation Location, string Key);
