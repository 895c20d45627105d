using EbpfReceiver.Terminal;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Terminal;

public sealed class EventLineTests
{
    private const ulong Second = 1_000_000_000;
    private const ulong Start = 1_790_000_000 * Second;
    private readonly ConsoleText _console = new();

    // The time of day depends on the zone of the machine.
    private string Line => Assert.Single(_console.Lines)[13..];

    [Fact]
    public void A_connection_tells_peer_bytes_round_trip_and_duration()
    {
        _console.Spans(ConsoleText.Process("curl", 1234), Tcp("tcp connect", Start, Start + (Second * 34 / 100), 1229, 34816, 0.012));
        Assert.Equal("curl[1234]             tcp connect 10.0.0.1:443  sent 1.2 KiB, received 34 KiB  rtt 12 ms  340 ms", Line);
    }

    [Fact]
    public void An_accepted_connection_tells_both_ends_and_the_container()
    {
        Span span = Tcp("tcp accept", Start, Start + (2 * Second), 0, 0, 0);
        span.Attributes.Add(ConsoleText.Of("network.local.address", "fd00::2"));
        span.Attributes.Add(ConsoleText.Of("network.local.port", 8080));
        _console.Spans(ConsoleText.Process("nginx", 7, "0123456789abcdef0123"), span);
        Assert.Equal("nginx[7] (0123456789ab) tcp accept 10.0.0.1:443 -> [fd00::2]:8080  2 s", Line);
    }

    [Fact]
    public void A_failed_connection_tells_why()
    {
        Span span = Tcp("tcp connect", Start, Start + 1_500_000, 0, 0, 0);
        span.Status = new Status { Code = Status.Types.StatusCode.Error };
        span.Attributes.Add(ConsoleText.Of("error.type", "ECONNREFUSED"));
        _console.Spans(ConsoleText.Process("curl", 1), span);
        Assert.Equal("curl[1]                tcp connect 10.0.0.1:443  failed: ECONNREFUSED  1.5 ms", Line);
    }

    [Fact]
    public void A_lookup_tells_the_name()
    {
        var span = new Span { Name = "dns lookup", StartTimeUnixNano = Start, EndTimeUnixNano = Start + 1_200_000 };
        span.Attributes.Add(ConsoleText.Of("dns.question.name", "example.test"));
        _console.Spans(ConsoleText.Process("curl", 1), span);
        Assert.Equal("curl[1]                dns example.test  1.2 ms", Line);
    }

    [Fact]
    public void An_exec_tells_the_command()
    {
        var record = new LogRecord { EventName = "process.exec", TimeUnixNano = Start };
        record.Attributes.Add(ConsoleText.Of("process.executable.path", "/usr/bin/curl"));
        record.Attributes.Add(ConsoleText.Of("process.executable.name", "curl"));
        record.Attributes.Add(ConsoleText.Of("process.pid", 42));
        record.Attributes.Add(ConsoleText.Of("process.command_args", new[] { "curl", "-s", "https://example.test" }));
        _console.Logs(ConsoleText.Process("sh", 41), record);
        Assert.Equal("curl[42]               exec /usr/bin/curl -s https://example.test", Line);
    }

    [Theory]
    [InlineData(0, "", "exit code 0  after 12 ms")]
    [InlineData(3, "", "exit code 3  after 12 ms")]
    [InlineData(0, "SIGKILL", "exit killed by SIGKILL  after 12 ms")]
    public void An_exit_tells_code_or_signal(int code, string signal, string line)
    {
        var record = new LogRecord { EventName = "process.exit", TimeUnixNano = Start };
        record.Attributes.Add(ConsoleText.Of("process.exit.code", code));
        record.Attributes.Add(ConsoleText.Of("linux.process.duration", 0.012));
        if (signal.Length > 0)
            record.Attributes.Add(ConsoleText.Of("linux.process.exit.signal", signal));
        _console.Logs(ConsoleText.Process("curl", 42), record);
        Assert.EndsWith("               " + line, Line);
    }

    [Fact]
    public void Telemetry_of_others_is_shown_too()
    {
        _console.Spans(
            new() { Attributes = { ConsoleText.Of("service.name", "shop") } },
            new Span { Name = "GET /cart", Kind = Span.Types.SpanKind.Server, StartTimeUnixNano = Start, EndTimeUnixNano = Start + 5_000_000 });
        _console.Logs(new(), new LogRecord { Body = new AnyValue { StringValue = "hello" }, SeverityText = "WARN", TimeUnixNano = Start });
        Assert.Equal("shop                   GET /cart server  5 ms", _console.Lines[0][13..]);
        Assert.Equal("?                      warn hello", _console.Lines[1][13..]);
    }

    [Fact]
    public void What_processes_call_themselves_cannot_drive_the_terminal()
    {
        var record = new LogRecord { EventName = "process.exec", TimeUnixNano = Start };
        record.Attributes.Add(ConsoleText.Of("process.executable.path", "/tmp/\e]0;owned\a\e[2J\nx\u202Ey\u009B"));
        _console.Logs(ConsoleText.Process("a\e[31m", 1), record);
        Assert.DoesNotContain('\e', _console.Text);
        Assert.DoesNotContain('\a', _console.Text);
        Assert.DoesNotContain('\u202E', _console.Text);
        Assert.DoesNotContain('\u009B', _console.Text);
        Assert.Single(_console.Lines);
    }

    [Fact]
    public void Long_texts_are_cut()
    {
        Assert.Equal(200, TerminalText.Clean(new string('x', 10_000)).Length);
        Assert.Equal("xx…", TerminalText.Clean("xxxxx", 3));
    }

    private static Span Tcp(string name, ulong start, ulong end, int sent, int received, double rtt)
    {
        var span = new Span { Name = name, StartTimeUnixNano = start, EndTimeUnixNano = end };
        span.Attributes.Add(ConsoleText.Of("network.peer.address", "10.0.0.1"));
        span.Attributes.Add(ConsoleText.Of("network.peer.port", 443));
        span.Attributes.Add(ConsoleText.Of("linux.tcp.bytes_sent", sent));
        span.Attributes.Add(ConsoleText.Of("linux.tcp.bytes_received", received));
        if (rtt > 0)
            span.Attributes.Add(ConsoleText.Of("linux.tcp.rtt", rtt));
        return span;
    }
}
