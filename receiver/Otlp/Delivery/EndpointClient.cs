using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The connections to one endpoint. They are replaced by new ones when the files of their TLS have changed, and after a request that had
/// no answer in time: its connection may lead nowhere, which TCP finds out in a quarter of an hour, and the requests behind it would wait
/// for the same. Requests under way end on the connection they are on. Any thread may send.
/// </summary>
internal sealed class EndpointClient : IDisposable
{
    /// <summary>No more of an answer is read.</summary>
    private const int MaxResponseBytes = 1024 * 1024;

    private readonly Uri _endpoint;
    private readonly OtlpTlsOptions? _tls;
    private readonly string _outlet;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Connections _current;
    private long _filesReadAt;
    private bool _filesBroken;

    /// <exception cref="TlsFileException">A file of <paramref name="tls"/> can't be used.</exception>
    public EndpointClient(Uri endpoint, OtlpTlsOptions? tls, string outlet, ILogger logger, TimeProvider time)
    {
        _endpoint = endpoint;
        _tls = tls;
        _outlet = outlet;
        _logger = logger;
        _time = time;
        _filesReadAt = time.GetTimestamp();
        _current = Open(tls is null ? null : TlsFiles.Read(tls));
    }

    /// <summary>Sends a request and reads the answer whole.</summary>
    /// <param name="request">The request.</param>
    /// <param name="deadline">Cancelled when the answer has taken too long.</param>
    /// <exception cref="HttpRequestException">There is no connection, or it broke.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="deadline"/> was cancelled.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken deadline)
    {
        Connections connections = Take();
        try
        {
            return await connections.Client.SendAsync(request, deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (connections == _current)
                    Replace(Open(connections.Files));
            }
            throw;
        }
        finally
        {
            lock (_gate)
                connections.Leave();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _current.Retire();
    }

    private Connections Take()
    {
        lock (_gate)
        {
            if (_tls is { ReloadInterval.Ticks: > 0 } && _time.GetElapsedTime(_filesReadAt) >= _tls.ReloadInterval)
            {
                _filesReadAt = _time.GetTimestamp();
                Reload(_tls);
            }
            _current.Enter();
            return _current;
        }
    }

    /// <summary>Files that can't be read now, being half-way replaced perhaps, leave what there is in use.</summary>
    private void Reload(OtlpTlsOptions tls)
    {
        try
        {
            TlsFiles files = TlsFiles.Read(tls);
            if (files.SameAs(_current.Files!))
                return;
            Replace(Open(files));
            _filesBroken = false;
            DeliveryLog.TlsReloaded(_logger, _outlet);
        }
        catch (TlsFileException e)
        {
            if (!_filesBroken)
                DeliveryLog.TlsNotReloaded(_logger, _outlet, e.Message);
            _filesBroken = true;
        }
    }

    private void Replace(Connections connections)
    {
        _current.Retire();
        _current = connections;
    }

    private Connections Open(TlsFiles? files)
    {
        var client = new HttpClient(ClientHandler.Create(_endpoint, files?.SslOptions()))
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxResponseBytes,
        };
        return new Connections(client, files);
    }

    /// <summary>A pool of connections, closed when it is replaced and no request is on it any more. Guarded by the gate.</summary>
    private sealed class Connections(HttpClient client, TlsFiles? files)
    {
        private int _requests;
        private bool _retired;

        public HttpClient Client => client;

        public TlsFiles? Files => files;

        public void Enter() => _requests++;

        public void Leave()
        {
            _requests--;
            CloseIfDone();
        }

        public void Retire()
        {
            _retired = true;
            CloseIfDone();
        }

        private void CloseIfDone()
        {
            if (_retired && _requests == 0)
                client.Dispose();
        }
    }
}
