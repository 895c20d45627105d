using EbpfReceiver.Otlp;

namespace EbpfReceiver.Identity;

/// <summary>
/// Which processes there are, and were a short while ago. Fed by the samples of fork, exec and exit, by a scan of procfs at the start and
/// by procfs where a process turns up that neither told of. Safe for any number of threads.
/// </summary>
/// <param name="files">Where processes are read.</param>
/// <param name="resources">Makes the resource of a process when it is first needed.</param>
/// <param name="filter">Which processes are observed.</param>
internal sealed class IdentityTable(ProcFiles files, ProcessResources resources, ProcessFilter filter)
{
    /// <summary>Items of a process can arrive a while after its exit: connections linger, metrics wait for the interval.</summary>
    private static readonly TimeSpan KeptAfterExit = TimeSpan.FromMinutes(2);

    /// <summary>Nearly all of what a process leaves behind is sent by then.</summary>
    private static readonly TimeSpan ResourceKeptAfterExit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, ProcessEntry> _byPid = [];
    private readonly Queue<ProcessEntry> _exited = new();
    private readonly Queue<ProcessEntry> _ended = new();
    private ProcessFilter _filter = filter;
    private long _misses;

    /// <summary>
    /// Processes that exited are forgotten early beyond this number: one takes about 1 KiB, so that a storm of short ones costs a few MB,
    /// and at 100 a second each is still known for 40 s.
    /// </summary>
    public int MaximumExited { get; init; } = 4096;

    /// <summary>Items that left with nothing but a process id, because the process was gone before anything was known of it.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <summary>The resource of what belongs to no process.</summary>
    public EncodedResource Machine => resources.Machine;

    /// <summary>Processes that are known now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byPid.Count;
        }
    }

    /// <summary>Observes other processes from now on, and makes resources anew: what the configuration says of either has changed.</summary>
    public void Configure(ProcessFilter changed)
    {
        lock (_gate)
        {
            _filter = changed;
            foreach (ProcessEntry head in _byPid.Values)
            {
                for (ProcessEntry? entry = head; entry is not null; entry = entry.Previous) entry.Forget();
            }
        }
    }

    /// <summary>Learns of all processes that run now.</summary>
    public void Scan()
    {
        foreach (int pid in files.Processes())
        {
            if (!files.TryDescribe(pid, out ProcessDescription? description)) continue;
            lock (_gate)
            {
                // What the samples told meanwhile is newer.
                ProcessEntry entry = EntryOf(pid, description!.StartTime);
                if (entry.IsEmpty) entry.Add(new ProcessVersion(0, description, isKnown: true));
            }
        }
    }

    /// <summary>A process was made: it is what its parent is until it execs.</summary>
    public void OnFork(int parent, ulong parentStart, int child, ulong childStart, ulong time)
    {
        lock (_gate)
        {
            ProcessEntry entry = EntryOf(child, childStart);
            ProcessEntry? from = Find(parent, parentStart);
            if (from is null || from.IsEmpty || !from.At(time).IsKnown)
            {
                if (entry.IsEmpty && files.TryDescribe(child, out ProcessDescription? description))
                    entry.Add(new ProcessVersion(time, description! with { StartTime = childStart }, isKnown: true));
                return;
            }

            ProcessDescription inherited = from.At(time).Description with { Pid = child, ParentPid = parent, StartTime = childStart };
            entry.Add(new ProcessVersion(time, inherited, isKnown: true));
        }
    }

    /// <summary>A process became another program.</summary>
    public void OnExec(ProcessDescription description, ulong time)
    {
        lock (_gate) EntryOf(description.Pid, description.StartTime).Add(new ProcessVersion(time, description, isKnown: true));
    }

    /// <summary>A process ended. It stays known for a while.</summary>
    /// <returns>False if its end was told before: some hooks tell of every thread's.</returns>
    public bool OnExit(int pid, ulong startTime)
    {
        lock (_gate)
        {
            ProcessEntry entry = EntryOf(pid, startTime);
            if (entry.ExitReported) return false;
            entry.ExitReported = true;
            MarkExited(entry);
            return true;
        }
    }

    /// <summary>The key for an item of a process at a time; looks in procfs if the process is not known, while it is still there to be read.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="startTime">Its start; ns after boot.</param>
    /// <param name="time">When the item was made; ns, CLOCK_MONOTONIC.</param>
    /// <param name="comm">Its name, as a sample has it: all that is known of a process that is gone already.</param>
    /// <param name="uid">Its user.</param>
    /// <param name="observed">Whether the configuration lets it be observed.</param>
    public ItemOwner KeyOf(int pid, ulong startTime, ulong time, ReadOnlySpan<byte> comm, uint uid, out bool observed)
    {
        observed = true;
        if (pid == 0) return ItemOwner.Machine;
        lock (_gate)
        {
            ProcessEntry entry = Known(pid, startTime, comm, uid);
            ProcessVersion version = entry.At(time);
            observed = version.IsObserved ??= _filter.Allows(version.Description);
            return new ItemOwner(pid, startTime, version.From, time);
        }
    }

    /// <summary>The resource for a group of items.</summary>
    public EncodedResource Resolve(ItemOwner key)
    {
        if (key.Pid == 0) return resources.Machine;
        lock (_gate)
        {
            ProcessVersion version = Known(key.Pid, key.StartTime, [], 0).At(key.Time);
            if (!version.IsKnown) Interlocked.Increment(ref _misses);
            return version.Resource ??= resources.Of(version.Description);
        }
    }

    /// <summary>The resource of a process as it is now, for its aggregates; false if it is not to be observed.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="startTime">Its start; ns after boot.</param>
    /// <param name="resource">Its resource.</param>
    /// <param name="exitedFor">How long ago its exit was learnt of; null while it runs.</param>
    public bool TryResolveCurrent(int pid, ulong startTime, out EncodedResource resource, out TimeSpan? exitedFor)
    {
        if (pid == 0)
        {
            resource = Machine;
            exitedFor = null;
            return true;
        }

        lock (_gate)
        {
            ProcessEntry entry = Known(pid, startTime, [], 0);
            ProcessVersion version = entry.Current;
            resource = version.Resource ??= resources.Of(version.Description);
            exitedFor = entry.ExitedAt == 0 ? null : TimeSpan.FromMilliseconds(Environment.TickCount64 - entry.ExitedAt);
            return version.IsObserved ??= _filter.Allows(version.Description);
        }
    }

    /// <summary>What a process was at a time; null if nothing is known of it.</summary>
    public ProcessDescription? Describe(int pid, ulong startTime, ulong time)
    {
        lock (_gate) return Find(pid, startTime) is { IsEmpty: false } entry ? entry.At(time).Description : null;
    }

    /// <summary>The process that has an id now or had it last; null if nothing is known of it. Looks in procfs if it has to.</summary>
    public ProcessDescription? DescribeLatest(int pid)
    {
        if (pid <= 0) return null;
        lock (_gate)
        {
            if (_byPid.TryGetValue(pid, out ProcessEntry? known) && !known.IsEmpty)
                return known.Current.Description with { StartTime = known.StartTime };
            if (!files.TryDescribe(pid, out ProcessDescription? description)) return null;
            EntryOf(pid, description!.StartTime).Add(new ProcessVersion(0, description, isKnown: true));
            return description;
        }
    }

    /// <summary>The resource of the process that has an id now; null if there is none.</summary>
    public EncodedResource? ResourceOfRunning(int pid)
    {
        if (!files.TryReadStat(pid, out ProcStat stat)) return null;
        TryResolveCurrent(pid, stat.StartTicks * ProcStat.NanosecondsPerTick, out EncodedResource resource, out _);
        return resource;
    }

    /// <summary>Forgets what exited long enough ago, and finds exits that no sample told of.</summary>
    /// <param name="checkAll">Look in procfs for every process that is thought to run.</param>
    public void Sweep(bool checkAll)
    {
        if (checkAll) FindMissedExits();
        lock (_gate)
        {
            while (_exited.Count > MaximumExited) Remove(_exited.Dequeue());
            Trim();
        }
    }

    /// <summary>Under the lock. Keeps to the limits between sweeps, too: thousands of processes can end in a second.</summary>
    private void Trim()
    {
        long now = Environment.TickCount64;
        while (_ended.TryPeek(out ProcessEntry? ended) && now - ended.ExitedAt > ResourceKeptAfterExit.TotalMilliseconds)
            _ended.Dequeue().ForgetResources();
        while (_exited.TryPeek(out ProcessEntry? exited)
            && now - exited.ExitedAt > (_exited.Count > MaximumExited ? ResourceKeptAfterExit : KeptAfterExit).TotalMilliseconds)
        {
            Remove(_exited.Dequeue());
        }
    }

    private void FindMissedExits()
    {
        ProcessEntry[] running;
        lock (_gate)
        {
            var list = new List<ProcessEntry>(_byPid.Count);
            foreach (ProcessEntry entry in _byPid.Values)
            {
                if (entry.ExitedAt == 0) list.Add(entry);
            }

            running = [.. list];
        }

        foreach (ProcessEntry entry in running)
        {
            bool there = files.TryReadStat(entry.Pid, out ProcStat stat) && entry.Started(stat.StartTicks * ProcStat.NanosecondsPerTick);
            if (there) continue;
            lock (_gate) MarkExited(entry);
        }
    }

    private ProcessEntry Known(int pid, ulong startTime, ReadOnlySpan<byte> comm, uint uid)
    {
        ProcessEntry entry = EntryOf(pid, startTime);
        if (!entry.IsEmpty) return entry;
        if (files.TryDescribe(pid, out ProcessDescription? found) && entry.Started(found!.StartTime))
        {
            entry.Add(new ProcessVersion(0, found with { StartTime = startTime }, isKnown: true));
            return entry;
        }

        ProcessDescription stub = ProcessDescription.FromExec(pid, 0, startTime, uid, comm, [], [], [], []);
        entry.Add(new ProcessVersion(0, stub, isKnown: false));
        MarkExited(entry);
        return entry;
    }

    private ProcessEntry? Find(int pid, ulong startTime)
    {
        _byPid.TryGetValue(pid, out ProcessEntry? entry);
        while (entry is not null && !entry.Started(startTime)) entry = entry.Previous;
        entry?.Refine(startTime);
        return entry;
    }

    private ProcessEntry EntryOf(int pid, ulong startTime)
    {
        if (Find(pid, startTime) is { } known) return known;
        var entry = new ProcessEntry(pid, startTime);
        if (_byPid.TryGetValue(pid, out ProcessEntry? other))
        {
            if (other.StartTime > startTime)
            {
                // Told late of a process whose id has another owner already.
                entry.Previous = other.Previous;
                other.Previous = entry;
                MarkExited(entry);
                return entry;
            }

            // Its exit was missed: an id has one owner at a time.
            MarkExited(other);
            entry.Previous = other;
        }

        _byPid[pid] = entry;
        return entry;
    }

    private void MarkExited(ProcessEntry entry)
    {
        if (entry.ExitedAt != 0) return;
        entry.ExitedAt = Math.Max(Environment.TickCount64, 1);
        _exited.Enqueue(entry);
        _ended.Enqueue(entry);
        Trim();
    }

    private void Remove(ProcessEntry entry)
    {
        if (!_byPid.TryGetValue(entry.Pid, out ProcessEntry? head)) return;
        if (ReferenceEquals(head, entry))
        {
            if (entry.Previous is { } previous) _byPid[entry.Pid] = previous;
            else _byPid.Remove(entry.Pid);
            return;
        }

        for (ProcessEntry? at = head; at is not null; at = at.Previous)
        {
            if (!ReferenceEquals(at.Previous, entry)) continue;
            at.Previous = entry.Previous;
            return;
        }
    }
}
