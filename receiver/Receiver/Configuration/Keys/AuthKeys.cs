using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>Section <c>auth</c> of an OTLP exporter.</summary>
internal static class AuthKeys
{
    private static readonly ConfigurationKey<string> s_scheme = new("scheme", ValueTypes.Text, "Bearer", "The word before the token.");

    private static readonly ConfigurationKey<string?> s_token =
        new("token", ValueTypes.Text!, null, "The token. Better not in a file that others read: `${env:NAME}` takes a variable.");

    private static readonly ConfigurationKey<string?> s_tokenFile =
        new("token_file", new TextType("path", "a path")!, null, "A file with the token; a new one in it is taken within a second.");

    /// <summary>The key of the section.</summary>
    public static readonly ConfigurationKey<OtlpAuthOptions?> Key = new(
        "auth",
        new OptionalSectionType<OtlpAuthOptions>(new SectionType<OtlpAuthOptions>(
            [s_scheme, s_token, s_tokenFile],
            static s =>
            {
                var options = new OtlpAuthOptions { Scheme = s.Get(s_scheme), Token = s.Get(s_token), TokenFile = s.Get(s_tokenFile) };
                if (options.Token is null == options.TokenFile is null)
                    s.Report(s_token, "one of token and token_file is needed");
                return options;
            })),
        null, "The token of every request, in the header `authorization`.");
}
