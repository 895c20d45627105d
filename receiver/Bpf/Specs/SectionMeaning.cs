namespace EbpfReceiver.Bpf;

/// <summary>What the name of a program section says.</summary>
/// <param name="Kind">What the program hooks.</param>
/// <param name="Type">The program type that goes with it.</param>
/// <param name="AttachType">What the verifier is told of the attachment.</param>
/// <param name="Target">What follows the kind.</param>
/// <param name="LoadFlags">BPF_F_* flags of program load.</param>
/// <param name="AutoLoad">False if the name begins with "?": then the program is loaded only when it is asked for.</param>
internal readonly record struct SectionMeaning(
    ProgramKind Kind, BpfProgramType Type, BpfAttachType AttachType, string Target, uint LoadFlags, bool AutoLoad = true)
{
    private const uint Sleepable = 1 << 4;    // BPF_F_SLEEPABLE
    private const uint HasFragments = 1 << 5; // BPF_F_XDP_HAS_FRAGS

    /// <summary>Reads a section name by the conventions that BPF C has come to share.</summary>
    public static SectionMeaning Of(string section)
    {
        var autoLoad = !section.StartsWith('?');
        var name = autoLoad ? section : section[1..];
        // A few names mean something as a whole, though there is a slash in them: "cgroup/connect4", "tc/ingress".
        if (SectionNames.TryFind(name, out var whole))
            return new(whole.Kind, whole.Type, whole.AttachType, "", FlagsOf(whole, sleepable: false), autoLoad);

        var slash = name.IndexOf('/');
        var prefix = slash < 0 ? name : name[..slash];
        var target = slash < 0 ? "" : name[(slash + 1)..];
        var sleepable = prefix.EndsWith(".s", StringComparison.Ordinal);
        var fragments = prefix == "xdp.frags";
        if (sleepable)
            prefix = prefix[..^2];
        else if (fragments)
            prefix = "xdp";
        if (fragments && SectionNames.TryFind($"xdp/{target}", out var variant))
            return new(variant.Kind, variant.Type, variant.AttachType, "", HasFragments, autoLoad);
        return SectionNames.TryFind(prefix, out var found)
            ? new(found.Kind, found.Type, found.AttachType, target, FlagsOf(found, sleepable) | (fragments ? HasFragments : 0), autoLoad)
            : new(ProgramKind.Unspecified, BpfProgramType.Unspecified, default, target, 0, autoLoad);
    }

    // A program of type "syscall" always may sleep, and the kernel insists on being told so.
    private static uint FlagsOf(SectionMeaning found, bool sleepable) =>
        sleepable || found.Kind == ProgramKind.Syscall ? Sleepable : 0;
}
