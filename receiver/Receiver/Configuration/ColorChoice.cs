namespace EbpfReceiver.Configuration;

/// <summary>When the console view uses colours.</summary>
public enum ColorChoice
{
    /// <summary>On a terminal, unless <c>NO_COLOR</c> is set.</summary>
    Auto,

    /// <summary>Always, even into a pipe.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
