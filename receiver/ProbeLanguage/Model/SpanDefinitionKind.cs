namespace EbpfReceiver.ProbeLanguage;

/// <summary>Kinds of spans.</summary>
public enum SpanDefinitionKind
{
    /// <summary>Within one program.</summary>
    Internal,

    /// <summary>The asking side.</summary>
    Client,

    /// <summary>The answering side.</summary>
    Server,

    /// <summary>Puts a message somewhere.</summary>
    Producer,

    /// <summary>Takes a message from somewhere.</summary>
    Consumer,
}
