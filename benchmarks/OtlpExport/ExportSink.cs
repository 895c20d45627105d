using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace EbpfReceiver.OtlpExportBenchmarks;

/// <summary>
/// A server that takes any OTLP request, by gRPC on one port and by HTTP on the next, and throws it away. It runs in a process
/// of its own so that its CPU time is not ours.
/// </summary>
internal sealed class ExportSink : IDisposable
{
    private readonly Process _process;

    private ExportSink(Process process, int grpcPort, int httpPort)
    {
        _process = process;
        Grpc = new Uri($"http://127.0.0.1:{grpcPort}");
        Http = new Uri($"http://127.0.0.1:{httpPort}");
    }

    public Uri Grpc { get; }

    public Uri Http { get; }

    /// <summary>Starts this program again as the server.</summary>
    public static ExportSink Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add("sink");
        Process process = Process.Start(start)!;
        string[] ports = (process.StandardOutput.ReadLine() ?? "").Split(' ');
        return new ExportSink(process, int.Parse(ports[0]), int.Parse(ports[1]));
    }

    /// <summary>The server: tells its ports, and ends when its input does.</summary>
    public static async Task ServeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        int[] ports = [.. app.Urls.Select(url => new Uri(url).Port)];
        Console.WriteLine($"{ports[0]} {ports[1]}");
        await Console.In.ReadToEndAsync();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(2000))
            _process.Kill();
        _process.Dispose();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        while (true)
        {
            ReadResult read = await context.Request.BodyReader.ReadAsync();
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        if (context.Request.Protocol == HttpProtocol.Http2)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            // An empty message: not compressed, of length zero.
            context.Response.BodyWriter.Write<byte>([0, 0, 0, 0, 0]);
            await context.Response.BodyWriter.FlushAsync();
        }
    }
}
