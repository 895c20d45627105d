namespace EbpfReceiver.Configuration;

/// <summary>One entry of <c>processes.include</c> or <c>.exclude</c>. Every part that is set has to match; texts may have <c>*</c> and <c>?</c>.</summary>
public sealed record ProcessPattern
{
    /// <summary>The name of the executable or of the process (comm).</summary>
    public string? Name { get; init; }

    /// <summary>The absolute path of the executable.</summary>
    public string? Path { get; init; }

    /// <summary>The process id in the initial PID namespace.</summary>
    public int? Pid { get; init; }

    /// <summary>The container id; a prefix of at least 12 characters is enough.</summary>
    public string? Container { get; init; }

    /// <summary>The path in the cgroup hierarchy, from its root.</summary>
    public string? Cgroup { get; init; }
}
