using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>Where the requests of one signal go, and what is the same in all of them.</summary>
internal sealed class SignalRoute
{
    private readonly Uri _url;
    private readonly (string Name, string Value)[] _headers;
    private readonly BearerToken? _token;
    private readonly string? _host;

    private SignalRoute(OtlpOutletOptions options, OtlpSignalOptions signal, EndpointClient client, Uri url, BearerToken? token)
    {
        _url = url;
        _token = token;
        _host = url.Scheme == Uri.UriSchemeHttps ? (signal.Tls ?? options.Tls)?.ServerName : null;
        Client = client;
        Compression = signal.Compression ?? options.Compression;
        Timeout = signal.Timeout ?? options.Timeout;
        var headers = new List<(string, string)> { ("user-agent", options.UserAgent) };
        foreach ((string name, string value) in signal.Headers ?? options.Headers)
        {
            if (token is null || !name.Equals("authorization", StringComparison.OrdinalIgnoreCase))
                headers.Add((name.ToLowerInvariant(), value));
        }
        _headers = [.. headers];
    }

    public EndpointClient Client { get; }

    public OtlpCompression Compression { get; }

    public TimeSpan Timeout { get; }

    /// <summary>Makes the routes of all signals. Those that go to one endpoint by the same TLS share its connections.</summary>
    /// <param name="options">The options of the outlet.</param>
    /// <param name="logger">For what happens to TLS later.</param>
    /// <param name="time">The clock.</param>
    /// <param name="urlOf">The URL of a signal, given its options.</param>
    /// <exception cref="TlsFileException">A file of the TLS can't be used.</exception>
    public static SignalRoute[] All(
        OtlpOutletOptions options, ILogger logger, TimeProvider time, Func<Signal, OtlpSignalOptions, Uri> urlOf)
    {
        BearerToken? token = options.Auth is null ? null : new BearerToken(options.Auth, time);
        var clients = new Dictionary<(string, OtlpTlsOptions?), EndpointClient>();
        var routes = new SignalRoute[Signals.Count];
        for (int i = 0; i < Signals.Count; i++)
        {
            OtlpSignalOptions signal = options.For((Signal)i);
            Uri endpoint = signal.Endpoint ?? options.Endpoint;
            OtlpTlsOptions? tls = endpoint.Scheme == Uri.UriSchemeHttps ? signal.Tls ?? options.Tls : null;
            string server = endpoint.Scheme == "unix" ? endpoint.OriginalString : endpoint.GetLeftPart(UriPartial.Authority);
            if (!clients.TryGetValue((server, tls), out EndpointClient? client))
                clients.Add((server, tls), client = new EndpointClient(endpoint, tls, options.Name, logger, time));
            routes[i] = new SignalRoute(options, signal, client, urlOf((Signal)i, signal), token);
        }
        return routes;
    }

    /// <summary>A request without a body yet.</summary>
    /// <exception cref="IOException">There is no token to send.</exception>
    public HttpRequestMessage Request()
    {
        string? token = _token?.Value();
        var request = new HttpRequestMessage(HttpMethod.Post, _url);
        foreach ((string name, string value) in _headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("authorization", token);
        if (_host is not null)
            request.Headers.Host = _host;
        return request;
    }
}
