namespace EbpfReceiver.Otlp.Tests.Prometheus;

public class PrometheusNameTests
{
    [Theory]
    [InlineData("dns.lookup.duration", "s", "Histogram", "dns_lookup_duration_seconds")]
    [InlineData("system.disk.io", "By", "Counter", "system_disk_io_bytes")]
    [InlineData("system.network.tcp.retransmits", "{packet}", "Counter", "system_network_tcp_retransmits")]
    [InlineData("load", "1", "Gauge", "load_ratio")]
    [InlineData("load", "1", "Counter", "load")]
    [InlineData("requests_total", "{request}", "Counter", "requests")]
    [InlineData("requests_total", "{request}", "Gauge", "requests_total")]
    [InlineData("memory_bytes", "By", "Gauge", "memory_bytes")]
    [InlineData("bytes", "By", "Gauge", "bytes")]
    [InlineData("kilobytes", "By", "Gauge", "kilobytes_bytes")]
    [InlineData("throughput", "By/s", "Gauge", "throughput_bytes_per_second")]
    [InlineData("rate", "{event}/min", "Gauge", "rate_per_minute")]
    [InlineData("temperature", "Cel", "Gauge", "temperature_celsius")]
    [InlineData("used", "%", "Gauge", "used_percent")]
    [InlineData("a.b--c  d", "", "Gauge", "a_b_c_d")]
    [InlineData("a..b_", "s", "Gauge", "a_b_seconds")]
    [InlineData("9lives", "", "Gauge", "_9lives")]
    [InlineData("kube:pod", "", "Gauge", "kube:pod")]
    [InlineData("latency", "furlong", "Gauge", "latency_furlong")]
    [InlineData("process.thread.count", "{thread}", "Gauge", "process_thread_count_current")]
    [InlineData("events.count", "{event}", "Counter", "events_count")]
    [InlineData("", "", "Gauge", "_")]
    public void A_metric_becomes(string name, string unit, string type, string expected) =>
        Assert.Equal(expected, PrometheusName.OfMetric(name, unit, Enum.Parse<PrometheusType>(type)));

    [Theory]
    [InlineData("disk.io.direction", "disk_io_direction")]
    [InlineData("9", "key_9")]
    [InlineData("__name__", "key_name_")]
    [InlineData("le", "key_le")]
    [InlineData("a:b", "a_b")]
    [InlineData("ü", "key_")]
    public void An_attribute_becomes(string key, string expected) => Assert.Equal(expected, PrometheusName.OfLabel(key));

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5," +
        "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true)]
    [InlineData("application/openmetrics-text;q=0.1, text/plain;q=0.9", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    public void A_scraper_gets_OpenMetrics_if_it_prefers_it(string? accept, bool openMetrics) =>
        Assert.Equal(openMetrics ? PrometheusFormat.OpenMetrics : PrometheusFormat.Text, PrometheusFormats.Choose(accept));
}
