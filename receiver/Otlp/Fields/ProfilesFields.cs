namespace EbpfReceiver.Otlp;

/// <summary>Field numbers of opentelemetry/proto/profiles/v1development/profiles.proto, as far as requests are looked into.</summary>
internal static class ProfilesFields
{
    public static class Dictionary
    {
        public const int StringTable = 5;
    }
}
