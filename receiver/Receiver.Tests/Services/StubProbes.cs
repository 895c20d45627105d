using EbpfReceiver.Probes;

namespace EbpfReceiver.Tests.Services;

/// <summary>Two probes without a kernel: tcp, whose state a test sets, and dns, which is disabled.</summary>
internal sealed class StubProbes : IProbeDirectory
{
    private readonly Dictionary<string, ProbeState> _states = new() { ["dns"] = ProbeState.Disabled, ["tcp"] = ProbeState.Running };

    public void Set(string name, ProbeState state)
    {
        lock (_states) _states[name] = state;
    }

    public IReadOnlyList<ProbeStatus> List()
    {
        lock (_states) return [.. _states.Keys.Order(StringComparer.Ordinal).Select(Status)];
    }

    public ProbeExplanation Explain(string name)
    {
        lock (_states)
        {
            return new ProbeExplanation(
                Known(name),
                "tcp.bpf.o",
                [new ProgramExplanation("state__raw_tp", "state", "raw_tp", "raw_tp/inet_sock_set_state", 321, true, 220)],
                [new MapExplanation("tcp_processes", "percpu_hash", 1024, 131072, false), new MapExplanation("samples", "perf_event_array", 2, 4096, true)],
                ["tcp connect", "process.network.io"]);
        }
    }

    public Task<ProbeStatus> SetEnabledAsync(string name, bool enabled)
    {
        lock (_states)
        {
            Known(name);
            _states[name] = enabled ? ProbeState.Running : ProbeState.Disabled;
            return Task.FromResult(Status(name));
        }
    }

    public Task<IReadOnlyList<ProbeStatus>> AddAsync(string yaml)
    {
        EbpfReceiver.ProbeLanguage.ProbeFile file = EbpfReceiver.ProbeLanguage.ProbeFile.Parse(yaml, "grpc");
        lock (_states)
        {
            foreach (EbpfReceiver.ProbeLanguage.ProbeDefinition probe in file.Probes) _states[probe.Name] = ProbeState.Running;
            return Task.FromResult<IReadOnlyList<ProbeStatus>>([.. file.Probes.Select(p => Status(p.Name))]);
        }
    }

    public Task RemoveAsync(string name)
    {
        lock (_states)
        {
            Known(name);
            _states.Remove(name);
            return Task.CompletedTask;
        }
    }

    private ProbeStatus Known(string name) =>
        _states.ContainsKey(name) ? Status(name) : throw new UnknownProbeException(name, _states.Keys);

    private ProbeStatus Status(string name)
    {
        ProbeState state = _states[name];
        return new ProbeStatus(
            name,
            $"Observes {name}.",
            state,
            state == ProbeState.Degraded ? [new ProbeReason("retransmit", "The tracepoint is not there.", "Use a newer kernel.", "4.15")] : [],
            [
                new HookStatus(
                    "state",
                    true,
                    "raw_tp",
                    [new AlternativeStatus("tp_btf", "tp_btf", false, "EPERM"), new AlternativeStatus("raw_tp", "raw_tp", true, null)],
                    ["inet_sock_set_state"]),
            ],
            state == ProbeState.Disabled
                ? []
                : [new ProgramStatus("state__raw_tp", "raw_tp/inet_sock_set_state", 42, 7, TimeSpan.FromMicroseconds(1500), 3)]);
    }
}
