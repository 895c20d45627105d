using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Containers;

/// <summary>The docker-compose.yml that is published, run by a real engine; only its images are made here.</summary>
public class ComposeTests
{
    [Fact]
    public async Task Compose_brings_up_a_receiver_that_sees_the_other_containers()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a container engine needs root");
        // Its ports are fixed: whoever else has one of them would be asked in the place of a container.
        foreach (int port in (ReadOnlySpan<int>)[4317, 4327, 9090, 9464, 18080, 18443])
            Assert.False(FreePort.IsTaken(port), $"port {port}, which docker-compose.yml needs, is in use");
        using ContainerEngine engine = ContainerEngine.Start();
        ImportImages(engine);
        engine.Docker("compose", "up", "--detach", "--no-build", "--pull", "never");
        try
        {
            using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };
            await Eventually(async () => (await http.GetAsync("http://127.0.0.1:9464/readyz", TestContext.Current.CancellationToken)).IsSuccessStatusCode, engine, "receiver", "the receiver to be ready");

            // Least capabilities, and all probes that are on by default run with them.
            JsonElement probes = Json(ReflectionClient.Call("127.0.0.1:4327", "ebpfreceiver.v1.ReceiverService", "ListProbes", "{}"));
            Dictionary<string, string> states = probes.GetProperty("probes").EnumerateArray()
                .ToDictionary(probe => probe.GetProperty("name").GetString()!, probe => probe.GetProperty("state").GetString()!);
            foreach (string name in (string[])["block", "dns", "process", "sched", "tcp", "tls", "oom_kills"])
                Assert.Equal((name, "PROBE_STATE_RUNNING"), (name, states[name]));
            Assert.Subset(new HashSet<string> { "PROBE_STATE_RUNNING", "PROBE_STATE_DISABLED" }, states.Values.ToHashSet());
            string web = engine.Docker("compose", "ps", "--quiet", "--no-trunc", "web").Output.Trim();
            string client = engine.Docker("compose", "ps", "--quiet", "--no-trunc", "client").Output.Trim();
            Assert.Equal(64, web.Length);

            // The collector's own log has both services, by their containers: connections, failed ones, lookups and TLS.
            string[] wanted =
            [
                "tcp connect", "tcp accept", "dns lookup", "ECONNREFUSED", "linux.tls.io", "process.exec",
                $"container.id: Str({web})", $"container.id: Str({client})", "service.name: Str(web)", "service.name: Str(client)",
            ];
            string log = "";
            await Eventually(() => Task.FromResult(wanted.All((log = engine.Docker("compose", "logs", "--no-log-prefix", "collector").Output).Contains)),
                engine, "collector", $"everything at the collector", () => string.Join(", ", wanted.Where(word => !log.Contains(word, StringComparison.Ordinal))));

            await Eventually(async () => (await http.GetFromJsonAsync<JsonElement>("http://127.0.0.1:9090/api/v1/query?query=up", TestContext.Current.CancellationToken))
                .GetProperty("data").GetProperty("result").EnumerateArray().Any(series => series.GetProperty("value")[1].GetString() == "1"), engine, "prometheus", "a scrape");

            JsonElement outlet = Json(ReflectionClient.Call("127.0.0.1:4327", "ebpfreceiver.v1.ReceiverService", "GetStats", "{}"))
                .GetProperty("outlets").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "otlp");
            Assert.Equal("0", outlet.GetProperty("refused").GetString());
            Assert.NotEqual("0", outlet.GetProperty("sent").GetString());

            // The engine kills what has not ended ten seconds after it was told to: that would be another exit code.
            engine.Docker("compose", "stop", "receiver");
            string receiver = engine.Docker("compose", "ps", "--all", "--quiet", "receiver").Output.Trim();
            Assert.Equal("0", engine.Docker("inspect", "--format", "{{.State.ExitCode}}", receiver).Output.Trim());
        }
        finally
        {
            engine.TryDocker("compose", "down", "--timeout", "2");
        }
    }

    private static void ImportImages(ContainerEngine engine)
    {
        ContainerImage receiver = new();
        receiver.AddProgram(Repository.Receiver, "/usr/local/bin/ebpf-receiver");
        // .NET loads libssl by name: a program that is linked with it brings it.
        receiver.AddProgram(Repository.Tls, "/usr/local/bin/tls");
        engine.Import(receiver, "ebpf-receiver:0.1.0", "ENTRYPOINT [\"/usr/local/bin/ebpf-receiver\"]", "CMD [\"run\"]");

        Command.Run(Path.Combine(Repository.Root, "integration-tests", "collector", "build.sh"), [], TimeSpan.FromMinutes(15)).EnsureSuccess();
        ContainerImage collector = new();
        collector.AddFile(Path.Combine(Repository.Cache, "collector", "otelcol"), "/otelcol");
        engine.Import(collector, "otel/opentelemetry-collector:latest", "ENTRYPOINT [\"/otelcol\"]");

        ContainerImage prometheus = new();
        prometheus.AddProgram(Command.Find("prometheus") ?? throw new FileNotFoundException("prometheus is not installed"), "/bin/prometheus");
        engine.Import(prometheus, "prom/prometheus:latest", "ENTRYPOINT [\"/bin/prometheus\"]");

        string packages = Path.Combine(ContainerEngine.Packages, "nginx");
        ContainerImage nginx = new();
        nginx.AddShell();
        nginx.AddProgram(Path.Combine(packages, "usr", "sbin", "nginx"), "/usr/sbin/nginx", string.Join(':', Directory.GetDirectories(Path.Combine(packages, "usr", "lib"), "*-linux-gnu")));
        nginx.AddProgram(Command.Find("openssl")!, "/usr/bin/openssl");
        nginx.AddProgram(Command.Find("curl")!, "/usr/bin/curl");
        nginx.AddFile("/etc/ssl/openssl.cnf", "/etc/ssl/openssl.cnf");
        nginx.AddFile("/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf");
        nginx.AddText("var/log/nginx/error.log", "");
        nginx.AddText("var/lib/nginx/empty", "");
        engine.Import(nginx, "nginx:stable", "ENV PATH=/usr/sbin:/usr/bin:/bin");
    }

    private static async Task Eventually(Func<Task<bool>> condition, ContainerEngine engine, string service, string what, Func<string>? missing = null)
    {
        for (Stopwatch watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(4);)
        {
            try
            {
                if (await condition())
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                // It does not listen yet, or is too busy to answer.
            }

            await Task.Delay(500, TestContext.Current.CancellationToken);
        }

        string log = engine.TryDocker("compose", "logs", "--no-log-prefix", "--tail", "60", service).Output;
        Assert.Fail($"waited in vain for {what}: {missing?.Invoke()}\n{engine.TryDocker("compose", "ps", "--all").Output}\n{log}");
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
