using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Doctor;

namespace EbpfReceiver.Tests.Doctor;

public sealed class DoctorTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ebpf-receiver-doctor-");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("6.1.0-18-amd64", CheckOutcome.Yes)]
    [InlineData("5.10.0", CheckOutcome.Yes)]
    [InlineData("5.4.0-100-generic", CheckOutcome.Degraded)]
    [InlineData("weird", CheckOutcome.Degraded)]
    public void Kernels_from_5_10_on_are_supported(string release, object outcome) =>
        Assert.Equal(outcome, KernelChecks.Version(Machine(("proc/sys/kernel/osrelease", release + "\n"))).Outcome);

    [Fact]
    public void A_kernel_without_types_is_fatal_and_the_remedy_names_the_option()
    {
        Assert.Contains("-v /sys:/sys:ro", KernelChecks.Types(Machine()).Remedy);
        Check check = KernelChecks.Types(Machine(("sys/kernel/x", "")));
        Assert.Equal(CheckOutcome.No, check.Outcome);
        Assert.True(check.Fatal);
        Assert.Contains("CONFIG_DEBUG_INFO_BTF", check.Remedy);
    }

    [Theory]
    [InlineData("[none] integrity confidentiality\n", CheckOutcome.Yes, "none")]
    [InlineData("none [integrity] confidentiality\n", CheckOutcome.Yes, "integrity")]
    [InlineData("none integrity [confidentiality]\n", CheckOutcome.No, "in confidentiality mode, which forbids tracing")]
    public void Only_confidentiality_forbids_tracing(string modes, object outcome, string reason)
    {
        Check check = KernelChecks.Lockdown(Machine(("sys/kernel/security/lockdown", modes)));
        Assert.Equal(outcome, check.Outcome);
        Assert.Equal(reason, check.Reason);
    }

    [Fact]
    public void Missing_capabilities_are_named()
    {
        var perfmonOnly = new CapabilitySet(1UL << (int)Capability.Perfmon);
        Check check = PrivilegeChecks.Tracing(perfmonOnly);
        Assert.True(check.Fatal);
        Assert.Equal("this process lacks CAP_BPF", check.Reason);
        Assert.Equal("CAP_BPF and CAP_PERFMON", PrivilegeChecks.Tracing(new(1UL << (int)Capability.Perfmon | 1UL << (int)Capability.Bpf)).Reason);
        Assert.Equal(CheckOutcome.Degraded, PrivilegeChecks.Peeking(perfmonOnly).Outcome);
    }

    [Fact]
    public void Locked_memory_counts_only_where_maps_do_not_count_to_the_cgroup()
    {
        SystemFiles files = Machine(("proc/self/limits", "Limit  Soft  Hard  Units\nMax locked memory         65536                65536                bytes\n"));
        Assert.Null(PrivilegeChecks.LockedMemory(files, default, countsToCgroup: true));
        Check low = PrivilegeChecks.LockedMemory(files, default, countsToCgroup: false)!;
        Assert.Equal(CheckOutcome.Degraded, low.Outcome);
        Assert.Contains("65536", low.Reason);
        Assert.Equal(CheckOutcome.Yes, PrivilegeChecks.LockedMemory(files, new(1UL << (int)Capability.SysResource), false)!.Outcome);
    }

    [Fact]
    public void A_mapped_user_namespace_is_fatal()
    {
        Assert.Equal(CheckOutcome.Yes, PrivilegeChecks.UserNamespace(Machine(("proc/self/uid_map", "         0          0 4294967295\n"))).Outcome);
        Assert.True(PrivilegeChecks.UserNamespace(Machine(("proc/self/uid_map", "         0     100000      65536\n"))).Fatal);
    }

    [Fact]
    public async Task A_port_in_use_and_a_collector_that_is_away_are_reported()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.True(ListenEndpoint.TryParse($"127.0.0.1:{port}", out ListenEndpoint? endpoint));

        Check taken = EndpointChecks.Listen("gRPC", endpoint, "receiver.endpoint");
        Assert.Equal(CheckOutcome.No, taken.Outcome);
        Assert.Contains("--set receiver.endpoint=", taken.Remedy);
        Assert.Equal(CheckOutcome.Yes, (await EndpointChecks.ReachAsync("otlp", new Uri($"http://127.0.0.1:{port}"))).Outcome);

        listener.Stop();
        Assert.Equal(CheckOutcome.Yes, EndpointChecks.Listen("gRPC", endpoint, "receiver.endpoint").Outcome);
        Check away = await EndpointChecks.ReachAsync("otlp", new Uri($"http://127.0.0.1:{port}"));
        Assert.Equal(CheckOutcome.Degraded, away.Outcome);
        Assert.Contains("refused", away.Reason);
    }

    [Fact]
    public void Nothing_runs_when_a_check_is_fatal_or_no_probe_attaches()
    {
        Check fine = new("probes", "tcp", CheckOutcome.Degraded, "x"), failed = new("probes", "dns", CheckOutcome.No, "y");
        Assert.True(new DoctorReport([fine, failed]).CanRun);
        Assert.False(new DoctorReport([failed]).CanRun);
        Assert.False(new DoctorReport([fine, failed with { Area = "kernel", Fatal = true }]).CanRun);
    }

    [Fact]
    public void The_report_is_json_on_request()
    {
        using var stream = new MemoryStream();
        new DoctorReport([new Check("kernel", "version", CheckOutcome.Yes, "6.1")]).WriteJson(stream);
        JsonElement json = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.True(json.GetProperty("can_run").GetBoolean());
        Assert.Equal("yes", json.GetProperty("checks")[0].GetProperty("outcome").GetString());
    }

    private SystemFiles Machine(params (string Path, string Content)[] files)
    {
        foreach ((string path, string content) in files)
        {
            string full = Path.Combine(_root.FullName, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, content);
        }

        return new SystemFiles(_root.FullName);
    }
}
