namespace EbpfReceiver.Identity;

/// <summary>One process, from its start to its exit, with the versions that its execs made. Guarded by the table's lock.</summary>
/// <param name="pid">The process id.</param>
/// <param name="startTime">Nanoseconds from boot to its start; exact, or cut to 10 ms.</param>
internal sealed class ProcessEntry(int pid, ulong startTime)
{
    private ProcessVersion[] _versions = [];

    /// <summary>The process id.</summary>
    public int Pid { get; } = pid;

    /// <summary>Nanoseconds from boot to its start.</summary>
    public ulong StartTime { get; private set; } = startTime;

    /// <summary>The process that had this id before.</summary>
    public ProcessEntry? Previous { get; set; }

    /// <summary><see cref="Environment.TickCount64"/> when its exit was learnt of; 0 while it runs.</summary>
    public long ExitedAt { get; set; }

    /// <summary>Whether a sample told of its exit.</summary>
    public bool ExitReported { get; set; }

    /// <summary>Whether nothing is known of it yet.</summary>
    public bool IsEmpty => _versions.Length == 0;

    /// <summary>The newest version.</summary>
    public ProcessVersion Current => _versions[^1];

    /// <summary>Whether this is the process that started then; procfs knows start times in steps of 10 ms only.</summary>
    public bool Started(ulong startTime)
    {
        if (StartTime == startTime) return true;
        bool coarse = StartTime % ProcStat.NanosecondsPerTick == 0 || startTime % ProcStat.NanosecondsPerTick == 0;
        return coarse && StartTime / ProcStat.NanosecondsPerTick == startTime / ProcStat.NanosecondsPerTick;
    }

    /// <summary>Takes an exact start time in the place of a coarse one.</summary>
    public void Refine(ulong startTime)
    {
        if (StartTime % ProcStat.NanosecondsPerTick == 0) StartTime = startTime;
    }

    /// <summary>The version at a time: the last that began before it, else the first there is.</summary>
    public ProcessVersion At(ulong time)
    {
        int i = _versions.Length - 1;
        while (i > 0 && _versions[i].From > time) i--;
        return _versions[i];
    }

    /// <summary>Lets go of the encoded resources; they are made again where an item comes late.</summary>
    public void ForgetResources()
    {
        foreach (ProcessVersion version in _versions) version.Resource = null;
    }

    /// <summary>Lets go of everything that follows from the configuration.</summary>
    public void Forget()
    {
        foreach (ProcessVersion version in _versions) version.IsObserved = null;
        ForgetResources();
    }

    /// <summary>Adds a version at its place in time; one that began at the same time is replaced.</summary>
    public void Add(ProcessVersion version)
    {
        int at = _versions.Length;
        while (at > 0 && _versions[at - 1].From > version.From) at--;
        if (at > 0 && _versions[at - 1].From == version.From)
        {
            _versions[at - 1] = version;
            return;
        }

        // A process that execs without end keeps its last versions only.
        const int Limit = 16;
        var versions = new List<ProcessVersion>(_versions);
        versions.Insert(at, version);
        if (versions.Count > Limit) versions.RemoveAt(0);
        _versions = [.. versions];
    }
}
