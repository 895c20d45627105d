using System.Text;
using EbpfReceiver.Configuration;
using EbpfReceiver.Samples;
using EbpfReceiver.Tests.Hosting;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;
using static OpenTelemetry.Proto.Trace.V1.Span.Types;

namespace EbpfReceiver.Tests.Samples;

public class SampleRouterTests
{
    private const int Pid = 4_100_001;
    private readonly DecoderFixture _fixture = new();

    [Fact]
    public void A_connection_of_a_client_is_a_span()
    {
        _fixture.Knows(Pid, "/usr/bin/curl");
        _fixture.Router.OnSample(0, SampleBytes.Of(Connection(TcpRole.Client)));
        _fixture.Items.Flush();
        (var resource, string scope, Span span) = Assert.Single(_fixture.Outlet.Spans);
        Assert.Equal("ebpf-receiver/tcp", scope);
        Assert.Equal("curl", resource.Attributes.Text("service.name"));
        Assert.Equal("tcp connect", span.Name);
        Assert.Equal(SpanKind.Client, span.Kind);
        Assert.Equal(16, span.TraceId.Length);
        Assert.Equal(8, span.SpanId.Length);
        Assert.Equal(DecoderFixture.WallOffset + 50, span.StartTimeUnixNano);
        Assert.Equal(DecoderFixture.WallOffset + 90, span.EndTimeUnixNano);
        Assert.Equal("tcp", span.Attributes.Text("network.transport"));
        Assert.Equal("ipv4", span.Attributes.Text("network.type"));
        Assert.Equal("10.0.0.1", span.Attributes.Text("network.local.address"));
        Assert.Equal(40000, span.Attributes.Number("network.local.port"));
        Assert.Equal("192.168.100.255", span.Attributes.Text("network.peer.address"));
        Assert.Equal(443, span.Attributes.Number("network.peer.port"));
        Assert.Equal("192.168.100.255", span.Attributes.Text("server.address"));
        Assert.Equal(443, span.Attributes.Number("server.port"));
        Assert.Equal(1234, span.Attributes.Number("linux.tcp.bytes_sent"));
        Assert.Equal(5678, span.Attributes.Number("linux.tcp.bytes_received"));
        Assert.Equal(2, span.Attributes.Number("linux.tcp.retransmits"));
        Assert.Equal(0.00025, span.Attributes.Real("linux.tcp.rtt"));
        Assert.Null(span.Attributes.Text("error.type"));
        Assert.Null(span.Status);
        Assert.Equal(1, _fixture.Router.Count(SampleKind.TcpConnection, SampleOutcome.Delivered));
    }

    [Fact]
    public void The_server_side_and_connections_of_old_have_their_own_shapes()
    {
        _fixture.Tcp.Since = 60;
        _fixture.Router.OnSample(0, SampleBytes.Of(Connection(TcpRole.Server)));
        _fixture.Router.OnSample(0, SampleBytes.Of(Connection(TcpRole.Unknown) with { StartTime = 0, Flags = (byte)TcpFlags.ResetReceived }));
        _fixture.Items.Flush();
        Span server = _fixture.Outlet.Spans[0].Span;
        Assert.Equal(("tcp accept", SpanKind.Server), (server.Name, server.Kind));
        Assert.Equal("10.0.0.1", server.Attributes.Text("server.address"));
        Assert.Equal("192.168.100.255", server.Attributes.Text("client.address"));
        Span old = _fixture.Outlet.Spans[1].Span;
        Assert.Equal(("tcp connection", SpanKind.Internal), (old.Name, old.Kind));
        Assert.Equal(DecoderFixture.WallOffset + 60, old.StartTimeUnixNano);
        Assert.Equal("received", old.Attributes.Text("linux.tcp.reset"));
        Assert.Null(old.Attributes.Text("server.address"));
    }

    [Theory]
    [InlineData(111, "ECONNREFUSED")]
    [InlineData(110, "ETIMEDOUT")]
    [InlineData(113, "EHOSTUNREACH")]
    [InlineData(125, "ECANCELED")]
    [InlineData(9999, "_OTHER")]
    public void A_failed_connect_is_an_error_with_its_cause(int errno, string name)
    {
        _fixture.Router.OnSample(0, SampleBytes.Of(Connection(TcpRole.Client) with { EstablishedTime = 0, Error = errno }));
        _fixture.Items.Flush();
        Span span = Assert.Single(_fixture.Outlet.Spans).Span;
        Assert.Equal(name, span.Attributes.Text("error.type"));
        Assert.Equal(Status.Types.StatusCode.Error, span.Status.Code);
    }

    [Theory]
    [InlineData(DnsFunction.Getaddrinfo, 0, null)]
    [InlineData(DnsFunction.Getaddrinfo, -2, "EAI_NONAME")]
    [InlineData(DnsFunction.Getaddrinfo, -3, "EAI_AGAIN")]
    [InlineData(DnsFunction.Gethostbyname, 1, "_OTHER")]
    public void A_lookup_is_a_span(DnsFunction function, int result, string? error)
    {
        var lookup = new DnsLookup
        {
            Header = SampleBytes.Header(SampleKind.DnsLookup, Pid, 90, "curl"),
            StartTime = 40,
            Result = result,
            Function = (ushort)function,
            NameLength = 11,
        };

        // Perf buffers pad samples with bytes that mean nothing.
        _fixture.Router.OnSample(1, SampleBytes.Of(lookup, "example.org"u8.ToArray(), [7, 7, 7]));
        _fixture.Items.Flush();
        Span span = Assert.Single(_fixture.Outlet.Spans).Span;
        Assert.Equal("dns lookup", span.Name);
        Assert.Equal("example.org", span.Attributes.Text("dns.question.name"));
        Assert.Equal(function == DnsFunction.Getaddrinfo ? "getaddrinfo" : "gethostbyname", span.Attributes.Text("linux.dns.function"));
        Assert.Equal(error, span.Attributes.Text("error.type"));
        Assert.Equal(50u, span.EndTimeUnixNano - span.StartTimeUnixNano);
    }

    [Fact]
    public void An_exec_and_its_exit_are_events_of_the_new_program()
    {
        byte[] path = "/usr/bin/mysql"u8.ToArray();
        byte[] arguments = "mysql\0-psecret\0"u8.ToArray();
        byte[] environment = "OTEL_SERVICE_NAME=db\0"u8.ToArray();
        string container = new('a', 64);
        byte[] cgroup = Encoding.UTF8.GetBytes($"/system.slice/docker-{container}.scope");
        var exec = new ProcessExec
        {
            Header = SampleBytes.Header(SampleKind.ProcessExec, Pid, 1_000, "mysql"),
            Parent = new ProcessRef { Pid = 77 },
            ArgumentsTotal = (uint)arguments.Length,
            EnvironmentTotal = (uint)environment.Length,
            PathLength = (ushort)path.Length,
            ArgumentsLength = (ushort)arguments.Length,
            EnvironmentLength = (ushort)environment.Length,
            CgroupLength = (ushort)cgroup.Length,
        };
        byte[] sample = SampleBytes.Of(exec, path, arguments, environment, cgroup);
        _fixture.Router.OnSample(0, sample);
        var exit = new ProcessExit
        {
            Header = SampleBytes.Header(SampleKind.ProcessExit, Pid, 20_000_000_000_000, "mysql"),
            Parent = new ProcessRef { Pid = 77 },
            ExitCode = 3 << 8,
            UserTime = 1_500_000_000,
            SystemTime = 250_000_000,
        };
        _fixture.Router.OnSample(0, SampleBytes.Of(exit));
        _fixture.Router.OnSample(1, SampleBytes.Of(exit));
        _fixture.Items.Flush();
        Assert.Equal(2, _fixture.Outlet.Logs.Count);
        Assert.All(_fixture.Outlet.Logs, l =>
        {
            Assert.Equal("db", l.Resource.Attributes.Text("service.name"));
            Assert.Equal(container, l.Resource.Attributes.Text("container.id"));
            Assert.Equal("ebpf-receiver/process", l.Scope);
        });
        LogRecord started = _fixture.Outlet.Logs[0].Record;
        Assert.Equal("process.exec", started.EventName);
        Assert.Equal("/usr/bin/mysql", started.Attributes.Text("process.executable.path"));
        Assert.Equal(
            ["mysql", "-p[REDACTED]"],
            started.Attributes.Single(a => a.Key == "process.command_args").Value.ArrayValue.Values.Select(v => v.StringValue));
        LogRecord ended = _fixture.Outlet.Logs[1].Record;
        Assert.Equal("process.exit", ended.EventName);
        Assert.Equal(3, ended.Attributes.Number("process.exit.code"));
        Assert.Equal(1.5, ended.Attributes.Real("linux.process.user_time"));
        Assert.Equal(0.25, ended.Attributes.Real("linux.process.system_time"));
        double lived = (20_000_000_000_000 + (double)DecoderFixture.BootOffset - SampleBytes.Start) / 1e9;
        Assert.Equal(lived, ended.Attributes.Real("linux.process.duration")!.Value, 6);
        Assert.Equal(1, _fixture.Router.Count(SampleKind.ProcessExit, SampleOutcome.Duplicate));

        // Whatever is cut off the end, nothing is thrown and nothing gets through.
        for (int length = 0; length < sample.Length; length++) _fixture.Router.OnSample(0, sample.AsSpan(0, length));
        Assert.Equal(1, _fixture.Router.Count(SampleKind.ProcessExec, SampleOutcome.Delivered));
        Assert.Equal(56, _fixture.Router.Unclassified);
        Assert.Equal(sample.Length - 56, _fixture.Router.Count(SampleKind.ProcessExec, SampleOutcome.Undecodable));
    }

    [Fact]
    public void A_signal_that_ended_a_process_is_named()
    {
        var exit = new ProcessExit { Header = SampleBytes.Header(SampleKind.ProcessExit, Pid, 90, "x"), ExitCode = 11 | 0x80 };
        _fixture.Router.OnSample(0, SampleBytes.Of(exit));
        _fixture.Items.Flush();
        LogRecord record = Assert.Single(_fixture.Outlet.Logs).Record;
        Assert.Equal("SIGSEGV", record.Attributes.Text("linux.process.exit.signal"));
        Assert.True(record.Attributes.Flag("linux.process.core_dumped"));
        Assert.Null(record.Attributes.Number("process.exit.code"));
        Assert.Equal(SeverityNumber.Warn, record.SeverityNumber);
    }

    [Fact]
    public void Kinds_that_no_one_decodes_are_counted()
    {
        _fixture.Router.OnSample(0, SampleBytes.Of(SampleBytes.Header((SampleKind)15, Pid, 1, "x")));
        _fixture.Router.OnSample(0, SampleBytes.Of(SampleBytes.Header((SampleKind)60_000, Pid, 1, "x")));
        _fixture.Router.OnSample(0, []);
        Assert.Equal(3, _fixture.Router.Unclassified);
    }

    [Fact]
    public void Samples_of_processes_that_are_not_wanted_are_counted_and_not_sent()
    {
        var fixture = new DecoderFixture(new ProcessesConfiguration { Include = [], Exclude = [new ProcessPattern { Name = "curl" }] });
        fixture.Knows(Pid, "/usr/bin/curl");
        fixture.Router.OnSample(0, SampleBytes.Of(Connection(TcpRole.Client)));
        fixture.Items.Flush();
        Assert.Empty(fixture.Outlet.Spans);
        Assert.Equal(1, fixture.Router.Count(SampleKind.TcpConnection, SampleOutcome.Excluded));
    }

    [Fact]
    public void A_connection_costs_no_allocation()
    {
        _fixture.Knows(Pid, "/usr/bin/curl");
        byte[] sample = SampleBytes.Of(Connection(TcpRole.Client));
        for (int i = 0; i < 1000; i++) _fixture.Router.OnSample(0, sample);

        // What is measured stays within one batch: closing it is another cost. On a busy machine its time may be up in the middle.
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > 0; round++)
        {
            _fixture.Items.Flush();
            for (int i = 0; i < 10; i++) _fixture.Router.OnSample(0, sample);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 500; i++) _fixture.Router.OnSample(0, sample);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("fe80:0:0:0:1:2:0:0", "fe80::1:2:0:0")]
    [InlineData("1:2:3:4:5:6::", "1:2:3:4:5:6::")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void Addresses_are_written_as_rfc_5952_wants(string address, string expected)
    {
        byte[] text = new byte[AddressText.MaximumLength];
        byte[] bytes = System.Net.IPAddress.Parse(address).GetAddressBytes();
        Assert.Equal(expected, Encoding.UTF8.GetString(AddressText.Write(AddressText.Ipv6, bytes, text)));
    }

    [Fact]
    public void Any_address_reads_back_as_itself()
    {
        var random = new Random(2);
        byte[] text = new byte[AddressText.MaximumLength];
        byte[] bytes = new byte[16];
        for (int i = 0; i < 10_000; i++)
        {
            random.NextBytes(bytes);
            for (int j = 0; j < 16; j++)
            {
                if (random.Next(2) == 0) bytes[j] = 0;
            }

            Assert.Equal(new System.Net.IPAddress(bytes), System.Net.IPAddress.Parse(Encoding.UTF8.GetString(AddressText.Write(AddressText.Ipv6, bytes, text))));
            Assert.Equal(
                new System.Net.IPAddress(bytes.AsSpan(0, 4)),
                System.Net.IPAddress.Parse(Encoding.UTF8.GetString(AddressText.Write(AddressText.Ipv4, bytes, text))));
        }
    }

    private static TcpConnection Connection(TcpRole role)
    {
        var tcp = new TcpConnection
        {
            Header = SampleBytes.Header(SampleKind.TcpConnection, Pid, 90, "curl"),
            StartTime = 50,
            EstablishedTime = 60,
            EndTime = 90,
            BytesSent = 1234,
            BytesReceived = 5678,
            Retransmits = 2,
            Rtt = 250,
            Family = AddressText.Ipv4,
            LocalPort = 40000,
            PeerPort = 443,
            Role = (byte)role,
        };
        Span<byte> local = tcp.LocalAddress;
        ((ReadOnlySpan<byte>)[10, 0, 0, 1]).CopyTo(local);
        Span<byte> peer = tcp.PeerAddress;
        ((ReadOnlySpan<byte>)[192, 168, 100, 255]).CopyTo(peer);
        return tcp;
    }
}
