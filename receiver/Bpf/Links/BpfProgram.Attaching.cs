namespace EbpfReceiver.Bpf;

public sealed partial class BpfProgram
{
    internal Lazy<UsdtSpecifications?>? UsdtOfObject { get; init; }

    /// <summary>The maps that describe USDT arguments to this program; null if the object has none.</summary>
    internal UsdtSpecifications? Usdt => UsdtOfObject?.Value;

    /// <summary>Whether it was loaded for links of uprobe.multi.</summary>
    internal bool IsForUprobeMulti =>
        Spec.ExpectedAttachType == BpfAttachType.TraceUprobeMulti || UprobeMultiAttachment.IsFor(Spec);

    /// <summary>
    /// Attaches it to what its section names. The file of a uprobe is a path, or a name that is looked for where this machine keeps
    /// libraries and along PATH.
    /// </summary>
    /// <exception cref="BpfException">
    /// The section names no target, or the kernel refuses it or does not have the target; the message says which.
    /// </exception>
    public BpfLink Attach() => SectionAttachment.Attach(this);

    /// <summary>Attaches it to a kernel function: by perf_kprobe, or where the kernel has none by an event made in tracefs.</summary>
    /// <param name="symbol">Name of the function.</param>
    /// <param name="atReturn">At its return instead of its entry.</param>
    /// <exception cref="BpfException">The kernel has no kprobes, or no such function, or does not allow it.</exception>
    public BpfLink AttachKprobe(string symbol, bool atReturn) => AttachKprobe(symbol, new KprobeOptions { AtReturn = atReturn });

    /// <summary>Attaches it to a kernel function, or to an instruction in one.</summary>
    /// <param name="symbol">Name of the function; an address (<c>0xffffffff81234560</c>) where a name is that of several.</param>
    /// <param name="options">Where and how.</param>
    /// <exception cref="BpfException">The kernel has no kprobes, or no such function, or does not allow it.</exception>
    public BpfLink AttachKprobe(string symbol, KprobeOptions options) => KprobeAttachment.Attach(_descriptor, symbol, options);

    /// <summary>Attaches it to the kernel function of a system call, whatever this architecture calls it.</summary>
    /// <param name="name">Name of the system call, for example <c>openat</c>.</param>
    /// <param name="options">Where and how; null for the entry.</param>
    /// <exception cref="BpfException">The kernel has no kprobes, or no such system call, or does not allow it.</exception>
    public BpfLink AttachKsyscall(string name, KprobeOptions? options = null)
        => KprobeAttachment.Attach(_descriptor, SyscallFunctions.NameOf(name), options ?? new KprobeOptions());

    /// <summary>Attaches it to many kernel functions by one link (sections <c>kprobe.multi</c>, <c>kprobe.session</c>).</summary>
    /// <param name="options">The functions.</param>
    /// <exception cref="BpfException">The kernel has no such links, or not all of the functions.</exception>
    public BpfLink AttachKprobeMulti(KprobeMultiOptions options) => KprobeMultiAttachment.Attach(
        _descriptor,
        Spec.Kind == ProgramKind.KretprobeMulti ? options with { AtReturn = true } : options,
        Spec.ExpectedAttachType == BpfAttachType.TraceKprobeSession);

    /// <summary>Attaches it to a tracepoint.</summary>
    /// <param name="category">Its category, for example <c>sched</c>.</param>
    /// <param name="name">Its name, for example <c>sched_switch</c>.</param>
    /// <param name="cookie">A value that the program gets from bpf_get_attach_cookie (since 5.15); 0 for none.</param>
    /// <exception cref="BpfException">There is no such tracepoint, no tracefs, or the kernel does not allow it.</exception>
    public BpfLink AttachTracepoint(string category, string name, ulong cookie = 0)
        => TracepointAttachment.AttachClassic(_descriptor, category, name, cookie);

    /// <summary>Attaches it to a tracepoint with its raw arguments.</summary>
    /// <param name="name">Name without the category.</param>
    /// <param name="cookie">A value that the program gets from bpf_get_attach_cookie (since 6.10); 0 for none.</param>
    /// <exception cref="BpfException">There is no such tracepoint (ENOENT), it has fewer arguments than the program reads (EINVAL), or the
    /// kernel has no cookies for it.</exception>
    public BpfLink AttachRawTracepoint(string name, ulong cookie = 0) => TracepointAttachment.AttachRaw(_descriptor, name, cookie);

    /// <summary>Attaches it to the tracepoint that it was loaded for.</summary>
    /// <param name="cookie">A value that the program gets from bpf_get_attach_cookie (since 6.10); 0 for none.</param>
    /// <exception cref="BpfException">The kernel refuses it.</exception>
    public BpfLink AttachTpBtf(ulong cookie = 0)
        => TracingAttachment.Attach(_descriptor, Spec.ExpectedAttachType, $"tp_btf {Spec.AttachTarget}", cookie);

    /// <summary>Attaches it to the function or the hook that it was loaded for (fentry, fexit, fmod_ret, lsm).</summary>
    /// <param name="cookie">A value that the program gets from bpf_get_attach_cookie (since 5.19); 0 for none.</param>
    /// <exception cref="BpfException">The kernel refuses it.</exception>
    public BpfLink AttachTrampoline(ulong cookie = 0)
        => TracingAttachment.Attach(_descriptor, Spec.ExpectedAttachType, $"{TracingAttachment.NameOf(Spec.Kind)} {Spec.AttachTarget}", cookie);

    /// <summary>Attaches it to an instruction of a file, for every process that maps the file, now or later.</summary>
    /// <param name="path">The file; the kernel keeps to the inode, so the path may go away.</param>
    /// <param name="fileOffset">Offset of the instruction in the file (<see cref="ElfSymbols"/>).</param>
    /// <param name="atReturn">At the return of the function that begins there.</param>
    /// <param name="pid">One process, or -1 for all.</param>
    /// <exception cref="BpfException">The kernel has no uprobes, or the file, offset or process is not there.</exception>
    public BpfLink AttachUprobe(string path, ulong fileOffset, bool atReturn, int pid = -1)
        => AttachUprobe(path, fileOffset, new UprobeOptions { AtReturn = atReturn, ProcessId = pid });

    /// <summary>Attaches it to an instruction of a file.</summary>
    /// <param name="path">The file; the kernel keeps to the inode, so the path may go away.</param>
    /// <param name="fileOffset">Offset of the instruction in the file. The kernel does not look whether one begins there.</param>
    /// <param name="options">How.</param>
    /// <exception cref="BpfException">The kernel has no uprobes, or the file, offset or process is not there.</exception>
    public BpfLink AttachUprobe(string path, ulong fileOffset, UprobeOptions options) => IsForUprobeMulti
        ? UprobeMultiAttachment.Attach(_descriptor, path, fileOffset, options)
        : UprobeAttachment.Attach(_descriptor, path, fileOffset, options);

    /// <summary>Attaches it to a function of a file.</summary>
    /// <param name="file">A path, or a name that is looked for (<see cref="ProbedFiles.Locate"/>).</param>
    /// <param name="symbol">The function, as <see cref="ElfSymbols.Resolve"/> takes it.</param>
    /// <param name="options">How; null for the entry, in all processes.</param>
    /// <exception cref="BpfException">The kernel has no uprobes, or the file, function or process is not there.</exception>
    public BpfLink AttachUprobe(string file, string symbol, UprobeOptions? options = null)
    {
        var path = ProbedFiles.Locate(file);
        options ??= new UprobeOptions();
        if (options.AtReturn && SymbolName.Parse(symbol).Offset != 0)
            throw new BpfException($"Attaching uretprobe {path}:{symbol} is not possible: a return is watched from the start of the function.");
        return AttachUprobe(path, ElfSymbols.Resolve(path, symbol), options);
    }

    /// <summary>
    /// Attaches it to many places in a file by one link (sections <c>uprobe.multi</c>, <c>uprobe.session</c>; also <c>uprobe</c> where the
    /// kernel has such links).
    /// </summary>
    /// <param name="file">A path, or a name that is looked for (<see cref="ProbedFiles.Locate"/>).</param>
    /// <param name="options">The places.</param>
    /// <exception cref="BpfException">The kernel has no such links (before 6.6), or the file or one of the places is not there.</exception>
    public BpfLink AttachUprobeMulti(string file, UprobeMultiOptions options) => UprobeTargets.Attach(this, file, options);

    /// <summary>Attaches it to all sites of a USDT probe.</summary>
    /// <param name="file">A path, or a name that is looked for (<see cref="ProbedFiles.Locate"/>).</param>
    /// <param name="provider">Provider; null for any.</param>
    /// <param name="name">Name of the probe.</param>
    /// <param name="options">How; null for all processes.</param>
    /// <returns>Its <see cref="BpfLink.Problems"/> say which sites were left out, and why.</returns>
    /// <exception cref="BpfException">The file has no such probe, none of its sites can be used, or the kernel refuses it.</exception>
    public BpfLink AttachUsdt(string file, string? provider, string name, UsdtOptions? options = null)
        => UsdtAttachment.Attach(this, ProbedFiles.Locate(file), provider, name, options ?? new UsdtOptions());

    /// <summary>Runs it at a rate on every CPU (programs of the section <c>perf_event</c>).</summary>
    /// <param name="hertz">Runs a second and CPU.</param>
    /// <exception cref="BpfSyscallException">The rate is above kernel.perf_event_max_sample_rate, or the kernel does not allow
    /// it.</exception>
    public BpfLink AttachClock(int hertz)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hertz);
        return AttachPerfEvent(new PerfEventOptions { Frequency = (ulong)hertz });
    }

    /// <summary>Runs it each time that a perf event has counted so far (programs of the section <c>perf_event</c>).</summary>
    /// <param name="options">The event.</param>
    /// <exception cref="BpfException">The machine has no such event, or the kernel does not allow it.</exception>
    public BpfLink AttachPerfEvent(PerfEventOptions options) => PerfEventAttachment.Attach(_descriptor, options);

    /// <summary>Attaches an iterator (sections <c>iter</c>).</summary>
    /// <param name="options">What it goes over; null for everything of its kind.</param>
    /// <exception cref="BpfException">It has to be told what to go over, or the kernel refuses it.</exception>
    public BpfIterator AttachIterator(IteratorOptions? options = null)
        => BpfIterator.Attach(_descriptor, Spec.AttachTarget, options ?? new IteratorOptions());

    /// <summary>Attaches it to a cgroup (sections <c>cgroup_skb/egress</c>, <c>sockops</c>, <c>cgroup/connect4</c> and the like).</summary>
    /// <param name="cgroupPath">Directory of the cgroup, below /sys/fs/cgroup.</param>
    /// <exception cref="BpfException">It is no cgroup, or the kernel refuses it.</exception>
    public BpfLink AttachCgroup(string cgroupPath) => CgroupAttachment.Attach(_descriptor, Spec.ExpectedAttachType, cgroupPath);
}
