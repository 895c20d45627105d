using System.Globalization;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Identity;

/// <summary>Makes resources: the machine's attributes, a process's attributes, and what the configuration adds to all.</summary>
internal sealed class ProcessResources
{
    private readonly HostIdentity _host;
    private readonly UserNames _users;
    private readonly KernelClock _clock;
    private volatile IReadOnlyDictionary<string, string> _configured;

    /// <param name="host">The machine.</param>
    /// <param name="users">Names of users.</param>
    /// <param name="clock">Tells when processes were created.</param>
    /// <param name="configured">Attributes of every resource; they win over what is detected.</param>
    public ProcessResources(HostIdentity host, UserNames users, KernelClock clock, IReadOnlyDictionary<string, string> configured)
    {
        _host = host;
        _users = users;
        _clock = clock;
        _configured = configured;
        Machine = BuildMachine();
    }

    /// <summary>The resource of what belongs to the machine and not to a process.</summary>
    public EncodedResource Machine { get; }

    /// <summary>Changes what is added to every resource from now on; the machine's is changed where it is.</summary>
    public void Configure(IReadOnlyDictionary<string, string> attributes)
    {
        _configured = attributes;
        Machine.Become(BuildMachine());
    }

    /// <summary>The resource of a process; the caller keeps it.</summary>
    public EncodedResource Of(ProcessDescription process)
    {
        using var encoder = new ResourceEncoder();
        AddMachine(encoder);
        Add(encoder, "service.name", process.ServiceName.Length > 0 ? process.ServiceName : "unknown_service");
        if (process.Service.Namespace is { } space) Add(encoder, "service.namespace", space);
        if (process.Service.Version is { } version) Add(encoder, "service.version", version);
        Guid instance = ServiceInstanceId.Of(_host.Id, _host.BootId, process.Pid, process.StartTime / ProcStat.NanosecondsPerTick);
        Add(encoder, "service.instance.id", instance.ToString("D"));
        Add(encoder, "process.pid", process.Pid);
        if (process.ParentPid > 0) Add(encoder, "process.parent_pid", process.ParentPid);
        if (process.ExecutableName.Length > 0) Add(encoder, "process.executable.name", process.ExecutableName);
        if (process.ExecutablePath.Length > 0) Add(encoder, "process.executable.path", process.ExecutablePath);
        if (process.Arguments.Length > 0 && !_configured.ContainsKey("process.command_args"))
            encoder.Add("process.command_args", process.Arguments);
        Add(encoder, "process.owner", OwnerOf(process));
        if (process.StartTime > 0) Add(encoder, "process.creation.time", CreationTimeOf(process));
        if (RuntimeName.Of(process.ExecutableName) is { } runtime) Add(encoder, "process.runtime.name", runtime);
        if (process.ContainerId is { } container) Add(encoder, "container.id", container);
        if (process.PodUid is { } pod) Add(encoder, "k8s.pod.uid", pod);
        return encoder.Build();
    }

    /// <summary>The resource of the receiver's own telemetry.</summary>
    public EncodedResource OfReceiver(ProcessDescription self, string serviceName, string version) =>
        Of(self with { Service = new ServiceNaming(serviceName, self.Service.Namespace, version) });

    private EncodedResource BuildMachine()
    {
        using var encoder = new ResourceEncoder();
        AddMachine(encoder);
        return encoder.Build();
    }

    private void AddMachine(ResourceEncoder encoder)
    {
        Add(encoder, "host.name", _host.Name);
        if (_host.Id.Length > 0) Add(encoder, "host.id", _host.Id);
        Add(encoder, "os.type", "linux");
        foreach ((string key, string value) in _configured) encoder.Add(key, value);
    }

    private void Add(ResourceEncoder encoder, string key, string value)
    {
        if (!_configured.ContainsKey(key)) encoder.Add(key, value);
    }

    private void Add(ResourceEncoder encoder, string key, long value)
    {
        if (!_configured.ContainsKey(key)) encoder.Add(key, value);
    }

    private string OwnerOf(ProcessDescription process)
    {
        // The numbers of a container have names of their own, but for root's.
        bool foreign = process.ContainerId is not null && process.Uid != 0;
        return foreign ? process.Uid.ToString(CultureInfo.InvariantCulture) : _users.Of(process.Uid);
    }

    private string CreationTimeOf(ProcessDescription process)
    {
        // In steps of 10 ms, as procfs has it, so that it is the same wherever the start time was learnt.
        ulong unix = _clock.BootToUnix(process.StartTime / ProcStat.NanosecondsPerTick * ProcStat.NanosecondsPerTick);
        DateTime time = DateTime.UnixEpoch.AddTicks((long)(unix / 100));
        return time.ToString("yyyy-MM-ddTHH:mm:ss.ffZ", CultureInfo.InvariantCulture);
    }
}
