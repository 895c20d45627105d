namespace EbpfReceiver.Configuration;

/// <summary>The limits of section <c>receiver</c>.</summary>
internal static class LimitKeys
{
    /// <summary>The body as it comes, with room to grow, and what it is decompressed to.</summary>
    private const int Buffers = 4;

    private static readonly ConfigurationKey<int> s_maxMessage = new(
        "max_recv_msg_size_mib", new IntegerType<int>(1, 256), "4", "The largest request, in MiB, both as it comes and decompressed.");

    private static readonly ConfigurationKey<int> s_maxInFlight = new(
        "max_in_flight_mib", new IntegerType<int>(1, 4096), "64",
        "MiB that all requests together may take while they are read and handled. What does not fit is told to come back.");

    private static readonly ConfigurationKey<int> s_maxConnections = new(
        "max_connections", new IntegerType<int>(1, 1_000_000), "1024", "Connections of each listener. One more is closed, and counted.");

    private static readonly ConfigurationKey<int> s_maxStreams = new(
        "max_concurrent_streams", new IntegerType<int>(1, 10_000), "100", "Calls at a time on one HTTP/2 connection.");

    private static readonly ConfigurationKey<TimeSpan> s_requestTimeout = new(
        "request_timeout", ValueTypes.Timeout, "30s", "The longest the body of a request may take to come.");

    private static readonly ConfigurationKey<TimeSpan> s_headerTimeout = new(
        "header_timeout", ValueTypes.Timeout, "10s", "The longest the headers of a request, or a TLS handshake, may take to come.");

    private static readonly ConfigurationKey<TimeSpan> s_keepAlive = new(
        "keep_alive_timeout", ValueTypes.Wait, "10m", "How long a connection may be idle.");

    private static readonly ConfigurationKey<int> s_minRate = new(
        "min_body_rate", new IntegerType<int>(0, 1 << 30), "240",
        "The slowest a body may come, in bytes a second, after five seconds of grace. 0 does not look at it.");

    private static readonly ConfigurationKey<long> s_maxHeaders = new(
        "max_header_size", new SizeType(1 << 10, 1 << 20, "such as 16KiB, from 1KiB to 1MiB"), "16KiB",
        "The largest headers of a request.");

    public static ConfigurationKey[] All { get; } =
    [
        s_maxMessage, s_maxInFlight, s_maxConnections, s_maxStreams, s_requestTimeout, s_headerTimeout, s_keepAlive, s_minRate, s_maxHeaders,
    ];

    public static EndpointLimits Read(SectionReader s)
    {
        int message = s.Get(s_maxMessage), inFlight = s.Get(s_maxInFlight);
        if (inFlight < Buffers * message)
        {
            s.Report(
                s_maxInFlight,
                $"a request of max_recv_msg_size_mib takes up to {Buffers} times as much while it is handled; at least {Buffers * message}");
        }

        return new EndpointLimits
        {
            MaxMessageBytes = message << 20,
            MaxInFlightBytes = (long)inFlight << 20,
            MaxConnections = s.Get(s_maxConnections),
            MaxConcurrentStreams = s.Get(s_maxStreams),
            RequestTimeout = s.Get(s_requestTimeout),
            HeaderTimeout = s.Get(s_headerTimeout),
            KeepAliveTimeout = s.Get(s_keepAlive),
            MinBodyRate = s.Get(s_minRate),
            MaxHeaderBytes = (int)s.Get(s_maxHeaders),
        };
    }
}
