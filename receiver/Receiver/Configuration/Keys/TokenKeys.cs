namespace EbpfReceiver.Configuration;

/// <summary>The keys by which tokens are given.</summary>
internal static class TokenKeys
{
    public static readonly ConfigurationKey<IReadOnlyList<string>> Tokens = new(
        "tokens", new ListType<string>(new SecretType()), "[]", "Tokens, as `${env:RECEIVER_TOKEN}`; a file is safer.");

    public static readonly ConfigurationKey<string?> TokenFile = new(
        "token_file", new TextType("path", "a path")!, null,
        "A file with a token a line. It is looked at every ten seconds: tokens are changed without a restart.");

    /// <summary>The section with nothing but tokens.</summary>
    public static readonly SectionType<TokenConfiguration> Section = new([Tokens, TokenFile], Read);

    public static TokenConfiguration Read(SectionReader s) => new() { Tokens = s.Get(Tokens), TokenFile = s.Get(TokenFile) };
}
