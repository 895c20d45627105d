namespace EbpfReceiver.ProbeLanguage;

/// <summary>A hook as it was written.</summary>
public sealed record HookReference
{
    /// <summary>The kind.</summary>
    public required HookKind Kind { get; init; }

    /// <summary>
    /// The module of a kernel function, the category of a tracepoint, the file of a user function or static probe, the name of a perf
    /// event; empty where none was written.
    /// </summary>
    public string Scope { get; init; } = "";

    /// <summary>
    /// The function, tracepoint, symbol or <c>provider:name</c> of a static probe, perhaps with <c>*</c> and <c>?</c>; empty for perf and
    /// interval.
    /// </summary>
    public string Target { get; init; } = "";

    /// <summary>Bytes past the function's start; 0 but for kprobes and uprobes.</summary>
    public ulong Offset { get; init; }

    /// <summary>Events between two samples of a perf event; nanoseconds between two ticks of an interval; else 0.</summary>
    public ulong Period { get; init; }

    /// <summary>Whether the target names many by a pattern.</summary>
    public bool IsPattern => Target.AsSpan().IndexOfAny('*', '?') >= 0 || Scope.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Where it stands.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The key's full path in the file, for messages.</summary>
    public string Key { get; init; } = "";

    /// <summary>The hook as it was written, but with a return's function in full.</summary>
    public required string Text { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
