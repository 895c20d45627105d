using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EbpfReceiver.Configuration;
using EbpfReceiver.Hosting;
using EbpfReceiver.Probes;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Proto.Trace.V1;
using static OpenTelemetry.Proto.Trace.V1.Span.Types;

namespace EbpfReceiver.Tests.Hosting;

/// <summary>
/// The real thing on the running kernel. Alone: what other tests of this process send meanwhile would count as its own.
/// </summary>
[Collection(AloneCollection.Name)]
public class ReceiverRuntimeTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_connections_are_a_thousand_spans_of_each_side_with_their_bytes()
    {
        RequireRoot();
        const int Connections = 1000;
        const int Request = 100;
        const int Response = 3000;
        var outlet = new CapturingOutlet();
        int port;
        await using (var runtime = new ReceiverRuntime(Configuration(), [outlet], NullLoggerFactory.Instance))
        {
            await runtime.StartAsync(Cancelled);
            Assert.True(runtime.IsReady);
            Assert.Equal(ProbeState.Running, runtime.Probes.List().Single(p => p.Name == "tcp").State);
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start(128);
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Task serving = Serve(listener, Connections, Request, Response);
            for (int i = 0; i < Connections; i++) await Exchange(port, Request, Response);
            await serving;
            // Closing is done when the other end has acknowledged it, which on a busy machine is later than the call.
            while (IsClosing(port)) await Task.Delay(10, Cancelled);
            await runtime.StopAsync();
            AssertAccounted(runtime.Snapshot());
        }

        List<Span> spans = [.. outlet.Spans.Where(s => s.Scope == "ebpf-receiver/tcp").Select(s => s.Span)
            .Where(s => s.Attributes.Number("server.port") == port)];
        List<Span> clients = [.. spans.Where(s => s.Kind == SpanKind.Client)];
        List<Span> servers = [.. spans.Where(s => s.Kind == SpanKind.Server)];
        Assert.Equal(Connections, clients.Count);
        Assert.Equal(Connections, servers.Count);
        Assert.All(clients, s =>
        {
            Assert.Equal("tcp connect", s.Name);
            Assert.Equal(Request, s.Attributes.Number("linux.tcp.bytes_sent"));
            Assert.Equal(Response, s.Attributes.Number("linux.tcp.bytes_received"));
            Assert.Equal("127.0.0.1", s.Attributes.Text("server.address"));
            Assert.True(s.EndTimeUnixNano > s.StartTimeUnixNano);
            Assert.Equal(Status.Types.StatusCode.Unset, s.Status?.Code ?? Status.Types.StatusCode.Unset);
        });
        Assert.All(servers, s =>
        {
            Assert.Equal("tcp accept", s.Name);
            Assert.Equal(Response, s.Attributes.Number("linux.tcp.bytes_sent"));
            Assert.Equal(Request, s.Attributes.Number("linux.tcp.bytes_received"));
        });
        Assert.Equal(2 * Connections, spans.Select(s => s.SpanId.ToBase64()).Distinct().Count());
        Assert.All(
            outlet.Spans.Where(s => s.Span.Attributes.Number("server.port") == port),
            s => Assert.Equal(Environment.ProcessId, s.Resource.Attributes.Number("process.pid")));
        Assert.Equal(Connections * Request + Connections * Response, ProcessSum(outlet, "process.network.io", "transmit"));
        Assert.Equal(Connections * Request + Connections * Response, ProcessSum(outlet, "process.network.io", "receive"));
        Assert.Equal(Connections, ProcessSum(outlet, "system.network.tcp.connections", "transmit"));
        Assert.Equal(Connections, ProcessSum(outlet, "system.network.tcp.connections", "receive"));
    }

    [Fact]
    public async Task Two_hundred_programs_are_two_hundred_execs_and_exits()
    {
        RequireRoot();
        const int Programs = 200;
        var outlet = new CapturingOutlet();
        var pids = new List<int>();
        await using (var runtime = new ReceiverRuntime(Configuration(), [outlet], NullLoggerFactory.Instance))
        {
            await runtime.StartAsync(Cancelled);
            for (int i = 0; i < Programs; i++)
            {
                using var process = new Process
                {
                    StartInfo = new ProcessStartInfo("/bin/sh", ["-c", $"exit {i % 7}", "--password=secret"])
                    {
                        Environment = { ["OTEL_SERVICE_NAME"] = "short-lived" },
                    },
                };
                process.Start();
                pids.Add(process.Id);
                await process.WaitForExitAsync(Cancelled);
            }

            await runtime.StopAsync();
            AssertAccounted(runtime.Snapshot());
        }

        var mine = outlet.Logs.Where(l => pids.Contains((int)(l.Record.Attributes.Number("process.pid") ?? 0))).ToList();
        var execs = mine.Where(l => l.Record.EventName == "process.exec").ToList();
        var exits = mine.Where(l => l.Record.EventName == "process.exit").ToList();
        Assert.Equal(Programs, execs.Count);
        Assert.Equal(Programs, exits.Count);
        Assert.Equal(pids.Order(), execs.Select(l => (int)l.Record.Attributes.Number("process.pid")!).Order());
        Assert.All(execs.Concat(exits), l =>
        {
            Assert.Equal("short-lived", l.Resource.Attributes.Text("service.name"));
            Assert.Equal(Environment.ProcessId, l.Record.Attributes.Number("process.parent_pid"));
        });
        Assert.All(execs, l =>
        {
            var arguments = l.Record.Attributes.Single(a => a.Key == "process.command_args").Value.ArrayValue.Values.Select(v => v.StringValue);
            Assert.Contains("--password=[REDACTED]", arguments);
        });
        for (int i = 0; i < Programs; i++)
            Assert.Equal(i % 7, exits.Single(l => l.Record.Attributes.Number("process.pid") == pids[i]).Record.Attributes.Number("process.exit.code"));
    }

    [Fact]
    public async Task A_refused_connect_carries_its_cause()
    {
        RequireRoot();
        var outlet = new CapturingOutlet();
        int port;
        await using (var runtime = new ReceiverRuntime(Configuration(), [outlet], NullLoggerFactory.Instance))
        {
            await runtime.StartAsync(Cancelled);
            using (var closed = new TcpListener(IPAddress.IPv6Loopback, 0))
            {
                closed.Start();
                port = ((IPEndPoint)closed.LocalEndpoint).Port;
            }

            using var client = new TcpClient(AddressFamily.InterNetworkV6);
            await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(IPAddress.IPv6Loopback, port, Cancelled));
            await runtime.StopAsync();
        }

        Span span = outlet.Spans.Select(s => s.Span).Single(s => s.Attributes.Number("server.port") == port);
        Assert.Equal("ECONNREFUSED", span.Attributes.Text("error.type"));
        Assert.Equal(Status.Types.StatusCode.Error, span.Status.Code);
        Assert.Equal("::1", span.Attributes.Text("network.peer.address"));
        Assert.Equal("ipv6", span.Attributes.Text("network.type"));
    }

    [Fact]
    public async Task A_probe_can_be_switched_off_and_on_and_stopping_waits_for_no_interval()
    {
        RequireRoot();
        await using var runtime = new ReceiverRuntime(Configuration("metrics.interval=1h"), [new CapturingOutlet()], NullLoggerFactory.Instance);
        await runtime.StartAsync(Cancelled);
        ProbeStatus off = await runtime.Probes.SetEnabledAsync("sched", false);
        Assert.Equal(ProbeState.Disabled, off.State);
        Assert.Empty(off.Programs);
        ProbeStatus on = await runtime.Probes.SetEnabledAsync("sched", true);
        Assert.Equal(ProbeState.Running, on.State);
        Assert.NotEmpty(on.Programs);
        ProbeExplanation explanation = runtime.Probes.Explain("sched");
        Assert.InRange(explanation.MapMemoryBytes, 1, 512 * 1024);
        Assert.Contains(explanation.Programs, p => p.Loaded && p.Instructions > 10);
        await Assert.ThrowsAsync<UnknownProbeException>(() => runtime.Probes.SetEnabledAsync("nothing", true));
        long began = Stopwatch.GetTimestamp();
        await runtime.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    private static void RequireRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "Attaching BPF programs needs root.");

    private static void AssertAccounted(ReceiverStatistics statistics) =>
        Assert.All(statistics.Samples, s => Assert.Equal(s.Produced, s.Delivered + s.Dropped.Sum(d => d.Count)));

    private static long ProcessSum(CapturingOutlet outlet, string metric, string direction) =>
        outlet.Metrics.Where(m => m.Metric.Name == metric && m.Resource.Attributes.Number("process.pid") == Environment.ProcessId)
            .SelectMany(m => m.Metric.Sum.DataPoints)
            .Where(p => p.Attributes.Text("network.io.direction") == direction)
            .OrderBy(p => p.TimeUnixNano)
            .Select(p => p.AsInt)
            .LastOrDefault();

    private static ReceiverConfiguration Configuration(params string[] overrides)
    {
        ReceiverConfiguration configuration = ConfigurationLoader.Load(new ConfigurationSources { Overrides = overrides, Variable = _ => null });
        return configuration with
        {
            // This process is the receiver, and here it is also what is observed.
            Processes = new ProcessesConfiguration
            {
                Include = [new ProcessPattern { Name = "*" }, new ProcessPattern { Pid = Environment.ProcessId }],
                Exclude = [],
            },
        };
    }

    /// <summary>
    /// Whether an end of a connection to this port is neither listening (0A) nor all over (07, or 06: TIME_WAIT): /proc/net/tcp, proc(5).
    /// </summary>
    private static bool IsClosing(int port) => File.ReadLines("/proc/net/tcp").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(fields => (IsPort(fields[1], port) || IsPort(fields[2], port)) && fields[3] is not ("0A" or "07" or "06"));

    private static bool IsPort(string address, int port) => address == $"0100007F:{port:X4}"; // of 127.0.0.1

    private static async Task Serve(TcpListener listener, int connections, int request, int response)
    {
        byte[] buffer = new byte[Math.Max(request, response)];
        for (int i = 0; i < connections; i++)
        {
            using Socket socket = await listener.AcceptSocketAsync(Cancelled);
            await ReadExactly(socket, buffer.AsMemory(0, request));
            await socket.SendAsync(buffer.AsMemory(0, response), Cancelled);
            await socket.ReceiveAsync(buffer, Cancelled);
        }
    }

    private static async Task Exchange(int port, int request, int response)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancelled);
        await socket.SendAsync(new byte[request], Cancelled);
        await ReadExactly(socket, new byte[response]);
        socket.Shutdown(SocketShutdown.Both);
    }

    private static async Task ReadExactly(Socket socket, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int read = await socket.ReceiveAsync(buffer, Cancelled);
            Assert.NotEqual(0, read);
            buffer = buffer[read..];
        }
    }
}
