namespace EbpfReceiver.ProbeLanguage;

/// <summary>How a value was written.</summary>
internal enum YamlScalarStyle
{
    /// <summary>Without quotes.</summary>
    Plain,

    /// <summary>In single or double quotes: a text, whatever it looks like.</summary>
    Quoted,

    /// <summary>As a block of lines, after | or &gt;.</summary>
    Block,
}
