using System.Net;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>An OTLP/HTTP server that answers requests for spans as it is told.</summary>
internal sealed class ScriptedCollector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ManualResetEventSlim _released = new();
    private volatile Answer _next = Answer.Accept;

    private ScriptedCollector(int port)
    {
        Endpoint = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add(Endpoint + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>What to answer.</summary>
    public enum Answer
    {
        /// <summary>All is taken.</summary>
        Accept,

        /// <summary>All is taken but one span.</summary>
        RejectOne,

        /// <summary>A status that must not be retried.</summary>
        Refuse,

        /// <summary>A status that may be retried.</summary>
        NotNow,

        /// <summary>Nothing, until it is told something else.</summary>
        Hang,
    }

    public string Endpoint { get; }

    public Answer Next
    {
        get => _next;
        set
        {
            _next = value;
            if (value == Answer.Hang)
                _released.Reset();
            else
                _released.Set();
        }
    }

    public static ScriptedCollector Start() => new(FreePort.Take());

    public void Dispose()
    {
        _released.Set();
        _listener.Close();
        _released.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // disposed
            }

            _ = Task.Run(() => Reply(context));
        }
    }

    private void Reply(HttpListenerContext context)
    {
        try
        {
            context.Request.InputStream.CopyTo(Stream.Null);
            if (Next == Answer.Hang)
                _released.Wait();
            ExportTraceServiceResponse reply = new();
            if (Next == Answer.RejectOne)
                reply.PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = 1, ErrorMessage = "one too many" };
            context.Response.StatusCode = Next switch { Answer.Refuse => 400, Answer.NotNow => 503, _ => 200 };
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close(reply.ToByteArray(), willBlock: true);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client has given up, or the test is over.
        }
    }
}
