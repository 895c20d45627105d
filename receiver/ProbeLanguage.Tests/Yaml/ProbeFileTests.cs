using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class ProbeFileTests
{
    private const string BlockLatency = """
        version: 1
        probes:
          - name: block_latency
            on:
              start: [tp_btf:block_rq_issue, raw_tp:block_rq_issue]
              end:   [tp_btf:block_rq_complete]
            key: args.rq
            where: end.args.error == 0
            let:
              lat: duration
            emit:
              - histogram:
                  name: linux.block.request.duration
                  unit: s
                  value: lat
                  scale: 2
                  attributes:
                    system.device: { expr: start.args.rq.q.disk, decode: majorminor }
                    disk.io.direction: { expr: start.args.rq.cmd_flags & 1, map: {0: read, 1: write} }
                  limits: { series: 512, ttl: 10m }
              - span: { name: "block {disk.io.direction}", when: lat > 20ms, rate: 50/s }
          - name: oom
            on: [tracepoint:oom:mark_victim]
            emit:
              - log: { event: linux.oom.kill, severity: ERROR, body: "OOM kill of {comm} ({pid})" }
              - counter: { name: linux.oom.kills, unit: "{kill}", attributes: [container.id] }
          - name: tls_write
            on: { start: [uprobe:libssl.so.3:SSL_write], end: [uretprobe] }
            scope: { binaries: [/usr/sbin/nginx] }
            where: retval > 0
            emit: [ sum: { name: linux.tls.io, unit: By, value: retval } ]
        """;

    [Fact]
    public void The_example_of_the_specification_is_read_whole()
    {
        ProbeFile file = ProbeFile.Parse(BlockLatency, "block.yaml");

        Assert.Equal(["block_latency", "oom", "tls_write"], file.Probes.Select(p => p.Name));
        ProbeDefinition block = file.Probes[0];
        Assert.Equal(["tp_btf:block_rq_issue", "raw_tp:block_rq_issue"], block.On.Start.Select(a => a.ToString()));
        Assert.Equal("args.rq", Assert.Single(block.Key).Text);
        Assert.Equal("duration", Assert.Single(block.Let).Expression.Text);
        var histogram = Assert.IsType<HistogramDefinition>(block.Emit[0]);
        Assert.Equal(new ExponentialBuckets(2), histogram.Buckets);
        Assert.Equal(new LimitsDefinition(512, TimeSpan.FromMinutes(10)), histogram.Limits);
        Assert.Equal("majorminor", Assert.Single(histogram.Attributes[0].Decode).Name);
        Assert.Equal("write", Assert.Single(histogram.Attributes[1].Decode).Map["1"]);
        var span = Assert.IsType<SpanDefinition>(block.Emit[1]);
        Assert.Equal(new EventRate(50, TimeSpan.FromSeconds(1)), span.Rate);
        Assert.Equal(["block ", ""], span.Name.Segments.Select(s => s.Literal));
        Assert.Equal("disk.io.direction", span.Name.Segments[1].Name);

        var log = Assert.IsType<LogDefinition>(file.Probes[1].Emit[0]);
        Assert.Equal((LogSeverity.Error, "linux.oom.kill"), (log.Severity, log.Event));
        Assert.Equal("cgroup_id", Assert.Single(file.Probes[1].Emit[1].Attributes).Expression.Text);

        Assert.Equal("uretprobe:libssl.so.3:SSL_write", Assert.Single(file.Probes[2].On.End).ToString());
        Assert.Equal("/usr/sbin/nginx", Assert.Single(file.Probes[2].Scope!.Binaries));
    }
}
