namespace EbpfReceiver.Configuration;

/// <summary>Bearer tokens: those in the configuration, and those in a file, one a line, that is looked at again and again.</summary>
public sealed record TokenConfiguration
{
    /// <summary>Tokens; never shown, never logged.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>A file with a token a line; null: none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Whether there is any.</summary>
    public bool IsEmpty => Tokens.Count == 0 && TokenFile is null;

    /// <summary>Without the tokens: a record is easily printed.</summary>
    public override string ToString() => $"{Tokens.Count} tokens{(TokenFile is null ? "" : $", and those of {TokenFile}")}";
}
