namespace EbpfReceiver.Identity;

/// <summary>
/// A process from one exec to the next, as it may leave the machine: arguments are redacted already. It does not change.
/// </summary>
internal sealed record ProcessDescription
{
    private const int MaximumArguments = 256;

    /// <summary>The process id in the initial PID namespace.</summary>
    public required int Pid { get; init; }

    /// <summary>The parent's process id; 0 if it is not known.</summary>
    public int ParentPid { get; init; }

    /// <summary>Nanoseconds from boot to its start; exact, or in steps of 10 ms where only procfs told.</summary>
    public ulong StartTime { get; init; }

    /// <summary>The user that owns it.</summary>
    public uint Uid { get; init; }

    /// <summary>The last component of the executable's path; the thread's name for kernel threads.</summary>
    public required string ExecutableName { get; init; }

    /// <summary>The name that the kernel shows for it (comm), at most 15 bytes; a process may change it.</summary>
    public string CommandName { get; init; } = "";

    /// <summary>The executable's path in its mount namespace; empty if it is not known.</summary>
    public string ExecutablePath { get; init; } = "";

    /// <summary>The command line, secrets taken out.</summary>
    public string[] Arguments { get; init; } = [];

    /// <summary>The cgroup's path; empty if it is not known.</summary>
    public string CgroupPath { get; init; } = "";

    /// <summary>The container it runs in; null if it is in none.</summary>
    public string? ContainerId { get; init; }

    /// <summary>The Kubernetes pod it runs in; null if it is in none.</summary>
    public string? PodUid { get; init; }

    /// <summary>What its environment says of its service.</summary>
    public ServiceNaming Service { get; init; }

    /// <summary>service.name: what the environment says, else the executable's name.</summary>
    public string ServiceName => Service.Name ?? ExecutableName;

    /// <summary>Puts a description together from what was read; the arguments are not redacted yet.</summary>
    public static ProcessDescription Create(
        int pid,
        int parentPid,
        ulong startTime,
        uint uid,
        string comm,
        string path,
        string[] arguments,
        ServiceNaming service,
        string cgroupPath)
    {
        string name = path.Length > 0 ? Names.Of(path.AsSpan(path.LastIndexOf('/') + 1)) : comm;
        ContainerReference container = ContainerReference.FromCgroupPath(cgroupPath);
        return new ProcessDescription
        {
            Pid = pid,
            ParentPid = parentPid,
            StartTime = startTime,
            Uid = uid,
            ExecutableName = name,
            CommandName = comm,
            ExecutablePath = path,
            Arguments = CommandLineRedactor.Redact(name, arguments),
            CgroupPath = cgroupPath,
            ContainerId = container.ContainerId,
            PodUid = container.PodUid,
            Service = service,
        };
    }

    /// <summary>Describes a process as the kernel side saw it at its exec; the spans are as in the sample's tail.</summary>
    public static ProcessDescription FromExec(
        int pid,
        int parentPid,
        ulong startTime,
        uint uid,
        ReadOnlySpan<byte> comm,
        ReadOnlySpan<byte> path,
        ReadOnlySpan<byte> arguments,
        ReadOnlySpan<byte> environment,
        ReadOnlySpan<byte> cgroupPath)
    {
        int end = comm.IndexOf((byte)0);
        return Create(
            pid,
            parentPid,
            startTime,
            uid,
            Names.Of(end < 0 ? comm : comm[..end]),
            Names.Of(path),
            NulSeparated.Split(arguments, MaximumArguments),
            ServiceNaming.FromEnvironment(environment),
            Names.Of(cgroupPath));
    }
}
