namespace EbpfReceiver.Bpf;

/// <summary>An entry program of an object, before it is linked and loaded.</summary>
public sealed class ProgramSpec
{
    internal ProgramSpec(string name, string sectionName, SectionMeaning meaning, ObjectFunction function)
    {
        Name = name;
        SectionName = sectionName;
        Type = meaning.Type;
        ExpectedAttachType = meaning.AttachType;
        Kind = meaning.Kind;
        AttachTarget = meaning.Target;
        LoadFlags = meaning.LoadFlags;
        AutoLoad = meaning.AutoLoad;
        Function = function;
    }

    /// <summary>Name of the C function.</summary>
    public string Name { get; }

    /// <summary>ELF section it is in, for example <c>tp_btf/sched_switch</c>.</summary>
    public string SectionName { get; }

    /// <summary>Program type that the section asks for; may be changed until the program is loaded.</summary>
    public BpfProgramType Type { get; set; }

    /// <summary>
    /// What the verifier is told of the attachment; 0 (the default) for most types. May be changed until the program is loaded.
    /// </summary>
    public BpfAttachType ExpectedAttachType { get; set; }

    /// <summary>What the program hooks.</summary>
    public ProgramKind Kind { get; private set; }

    /// <summary>
    /// What follows the kind in the section name: a symbol, <c>CATEGORY/NAME</c> of a tracepoint, <c>LIBRARY:SYMBOL</c> of a
    /// uprobe; empty if the section names nothing. May be changed until the program is loaded: objects name a target that is only
    /// known on the running machine (<c>fentry/dummy</c>), and the caller the real one.
    /// </summary>
    public string AttachTarget { get; set; }

    /// <summary>
    /// BPF_F_* flags of program load (BPF_F_SLEEPABLE for <c>fentry.s/...</c> and the like); may be changed until the program is loaded.
    /// </summary>
    public uint LoadFlags { get; set; }

    /// <summary>
    /// Whether <see cref="BpfObject.LoadAll"/> loads it: true unless its section's name begins with "?". May be changed; a program that
    /// is not loaded need not fit the kernel.
    /// </summary>
    public bool AutoLoad { get; set; }

    /// <summary>Instructions of the function itself (8 bytes each), without the subprograms it calls.</summary>
    public int InstructionCount => Function.InstructionCount;

    internal ObjectFunction Function { get; }

    /// <summary>Makes another use of the program, as if it were in a section of that name: a variant for kernels that lack its
    /// hook.</summary>
    /// <param name="section">As in BPF C, for example <c>kprobe/tcp_v4_connect</c>.</param>
    /// <exception cref="BpfException">The name means nothing.</exception>
    public void AttachAs(string section)
    {
        ArgumentException.ThrowIfNullOrEmpty(section);
        var meaning = SectionMeaning.Of(section);
        if (meaning.Kind == ProgramKind.Unspecified)
            throw new BpfException($"The program {Name} can't be attached as \"{section}\": that names no kind of program.");
        Type = meaning.Type;
        ExpectedAttachType = meaning.AttachType;
        Kind = meaning.Kind;
        AttachTarget = meaning.Target;
        LoadFlags = meaning.LoadFlags;
        AutoLoad = meaning.AutoLoad;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({SectionName})";
}
