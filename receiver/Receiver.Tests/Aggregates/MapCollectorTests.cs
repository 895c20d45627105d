using EbpfReceiver.Aggregates;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;
using EbpfReceiver.Tests.Hosting;
using EbpfReceiver.Tests.Samples;

namespace EbpfReceiver.Tests.Aggregates;

public sealed class MapCollectorTests : IDisposable
{
    private const int Pid = 4_100_003;
    private readonly DecoderFixture _fixture = new();
    private readonly FakeMap _map = new(1);
    private readonly TcpProcessAggregate _aggregate;
    private readonly MapCollector _collector;

    public MapCollectorTests()
    {
        _aggregate = new TcpProcessAggregate(Scopes.Tcp, _fixture.Identity);
        _aggregate.Attach(_map, now: 1000);
        _collector = new MapCollector(new MetricsWriter(Temporality.Cumulative, _fixture.Publish), _fixture.Identity, _fixture.Clock, TimeSpan.FromHours(1));
        _collector.Add(new OneAggregate(_aggregate));
        _fixture.Knows(Pid, "/bin/sh");
    }

    [Fact]
    public void What_a_program_counted_is_under_its_name_though_its_exec_is_still_in_a_buffer()
    {
        Sent(7);
        _collector.CatchUp = limit =>
        {
            Assert.True(limit > TimeSpan.Zero);
            Execs("/usr/bin/curl", time: 2);
        };
        _collector.CollectNow();
        Assert.Equal([("curl", 7L)], Seen());
    }

    [Fact]
    public void What_counts_while_samples_are_waited_for_is_for_the_next_collection()
    {
        // Whoever counts meanwhile may be another program by then, of which a sample tells that nobody waited for.
        Sent(7);
        _collector.CatchUp = _ => Sent(50);
        _collector.CollectNow();
        Execs("/usr/bin/curl", time: 2);
        _collector.CatchUp = null;
        _collector.CollectNow();
        Assert.Equal([("sh", 7L), ("curl", 50L)], Seen());
    }

    [Fact]
    public void The_last_values_of_a_probe_that_goes_have_the_present_names_too()
    {
        var probe = new OneAggregate(_aggregate);
        _collector.Add(probe);
        Sent(9);
        _collector.CatchUp = _ => Execs("/usr/bin/wget", time: 3);
        _collector.Remove(probe);
        Assert.Equal([("wget", 9L)], Seen());
    }

    public void Dispose() => _collector.Dispose();

    private void Sent(long bytes) => _map.Set(new ProcessKey { Pid = Pid, StartTime = SampleBytes.Start }, new TcpProcessTotals { BytesSent = (ulong)bytes });

    private void Execs(string path, ulong time) =>
        _fixture.Identity.OnExec(ProcessDescription.Create(Pid, 1, SampleBytes.Start, 0, Path.GetFileName(path), path, [path], default, "/"), time);

    private (string?, long)[] Seen() =>
    [
        .. _fixture.Outlet.Metrics.Where(m => m.Metric.Name == "process.network.io")
            .SelectMany(m => m.Metric.Sum.DataPoints.Select(p => (m.Resource.Attributes.Text("process.executable.name"), p.AsInt))),
    ];

    private sealed class OneAggregate(MapAggregate aggregate) : Probe
    {
        public override string Name => "one";

        public override string Description => "One aggregate.";

        public override IReadOnlyList<MapAggregate> Aggregates { get; } = [aggregate];
    }
}
