namespace EbpfReceiver.ProbeLanguage;

/// <summary>Questions about a string.</summary>
public enum TextTest
{
    /// <summary>startswith</summary>
    StartsWith,

    /// <summary>endswith</summary>
    EndsWith,

    /// <summary>contains</summary>
    Contains,
}
