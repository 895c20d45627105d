namespace EbpfReceiver.ProbeLanguage;

/// <summary>Kinds of words of an expression.</summary>
internal enum TokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A name.</summary>
    Name,

    /// <summary>A number, time or character.</summary>
    Number,

    /// <summary>A text in quotes.</summary>
    String,

    /// <summary>An operator or a bracket.</summary>
    Symbol,
}
