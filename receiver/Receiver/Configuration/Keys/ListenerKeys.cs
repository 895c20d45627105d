namespace EbpfReceiver.Configuration;

/// <summary>Section <c>receiver</c>.</summary>
internal static class ListenerKeys
{
    public static readonly ConfigurationKey<ListenEndpoint> Endpoint = new(
        "endpoint", ValueTypes.ListenEndpoint, "127.0.0.1:4327",
        "Where it listens. Other than loopback or a unix socket only with `tls` and `auth`, or in a network you trust.");

    private static readonly ConfigurationKey<ListenEndpoint> s_httpEndpoint = new(
        "endpoint", ValueTypes.ListenEndpoint, "127.0.0.1:4328", "Where OTLP/HTTP is served.");

    private static readonly ConfigurationKey<HttpListener?> s_http = new(
        "http",
        new OptionalSectionType<HttpListener>(
            new SectionType<HttpListener>([s_httpEndpoint], static s => new HttpListener(s.Get(s_httpEndpoint)))),
        null,
        "OTLP/HTTP (`/v1/traces` and so on, protobuf and JSON) on a port of its own; `tls`, `auth` and the limits are those of `receiver`. "
        + "With `tls` the endpoint itself takes it too.");

    private static readonly ConfigurationKey<ServerTlsConfiguration?> s_tls =
        ServerTlsKeys.Key("TLS, and mutual TLS, for `endpoint` and `http`.");

    private static readonly ConfigurationKey<TokenConfiguration> s_auth = new(
        "auth", TokenKeys.Section, "{}", "Every call then needs a token: `Authorization: Bearer TOKEN`. Health checks do not.");

    private static readonly ConfigurationKey<ControlAllowance> s_allow = new(
        "allow",
        new ChoiceType<ControlAllowance>(
            ("owner", ControlAllowance.Owner), ("nobody", ControlAllowance.Nobody), ("anyone", ControlAllowance.Anyone)),
        "owner",
        "Who may without a token: `owner` is root and the receiver's own user, in a process on this machine.");

    private static readonly ConfigurationKey<ControlConfiguration> s_control = new(
        "control",
        new SectionType<ControlConfiguration>(
            [s_allow, TokenKeys.Tokens, TokenKeys.TokenFile],
            static s => new ControlConfiguration { Allow = s.Get(s_allow), Tokens = TokenKeys.Read(s) }),
        "{}", "Who may change what the receiver does: switch, add and remove probes. Its tokens are good for everything else too.");

    private static readonly ListType<uint> s_ids = new(new IntegerType<uint>(0, uint.MaxValue - 1), "ids");

    private static readonly ConfigurationKey<IReadOnlyList<uint>> s_uids = new("uids", s_ids, "[]", "User ids.");

    private static readonly ConfigurationKey<IReadOnlyList<uint>> s_gids =
        new("gids", s_ids, "[]", "Group ids; supplementary groups count.");

    private static readonly ConfigurationKey<PeersConfiguration> s_peers = new(
        "peers",
        new SectionType<PeersConfiguration>(
            [s_uids, s_gids], static s => new PeersConfiguration { Uids = s.Get(s_uids), Gids = s.Get(s_gids) }),
        "{}",
        "On a unix socket: whose processes may connect, besides root's and the receiver's own user's. The socket's file is then open to all.");

    private static readonly ConfigurationKey<TimeSpan> s_stopTimeout = new(
        "stop_timeout", new DurationType(TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(10), "from 500ms to 10m"), "2s",
        "Stopping takes no longer than this: what is not delivered by then is counted as lost. Also for an exporter that a reload ends.");

    private static readonly ConfigurationKey<WatchdogConfiguration> s_watchdog =
        new("watchdog", WatchdogKeys.Section, "{}", "What happens when the thread that reads the samples stands still.");

    public static readonly SectionType<ListenerConfiguration> Section = new(
        [Endpoint, s_http, s_tls, s_auth, s_control, s_peers, s_stopTimeout, s_watchdog, .. LimitKeys.All],
        static s => new ListenerConfiguration
        {
            Endpoint = s.Get(Endpoint),
            HttpEndpoint = s.Get(s_http)?.Endpoint,
            Tls = s.Get(s_tls),
            Auth = s.Get(s_auth),
            Control = s.Get(s_control),
            Peers = s.Get(s_peers),
            StopTimeout = s.Get(s_stopTimeout),
            Watchdog = s.Get(s_watchdog),
            Limits = LimitKeys.Read(s),
        });

    private sealed record HttpListener(ListenEndpoint Endpoint);
}
