using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>A set of capabilities, as <c>CapEff</c> of /proc/PID/status shows it (proc_pid_status(5)).</summary>
/// <param name="Bits">One bit a capability.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    private static readonly string[] Spelled =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
        "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
        "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    /// <summary>True if tracing programs may be loaded: CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, which implies both.</summary>
    public bool CanTrace => Has(Capability.SysAdmin) || (Has(Capability.Bpf) && Has(Capability.Perfmon));

    /// <summary>Names of all members as the manual spells them, by bit; bits without a name as <c>CAP_41</c>.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            var names = new List<string>();
            for (var bit = 0; bit < 64; bit++)
            {
                if ((Bits >> bit & 1) != 0)
                    names.Add(NameOf((Capability)bit));
            }

            return names;
        }
    }

    /// <summary>The effective capabilities of this process.</summary>
    public static CapabilitySet OfThisProcess() => Parse(File.ReadAllText("/proc/self/status"));

    /// <summary>Reads a line of /proc/PID/status; no such line gives the empty set.</summary>
    /// <param name="status">The text.</param>
    /// <param name="line">The name of the line: <c>CapEff</c>, <c>CapPrm</c>, <c>CapInh</c>, <c>CapBnd</c> or <c>CapAmb</c>.</param>
    public static CapabilitySet Parse(ReadOnlySpan<char> status, string line = "CapEff")
    {
        foreach (var text in status.EnumerateLines())
        {
            if (text.StartsWith(line, StringComparison.Ordinal)
                && text.Length > line.Length
                && text[line.Length] == ':'
                && ulong.TryParse(text[(line.Length + 1)..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits))
                return new CapabilitySet(bits);
        }

        return default;
    }

    /// <summary>True if the capability is in the set.</summary>
    public bool Has(Capability capability) => (Bits >> (int)capability & 1) != 0;

    /// <summary>The set with one more member.</summary>
    public CapabilitySet With(Capability capability) => new(Bits | (1UL << (int)capability));

    /// <summary>The name as the manual spells it, <c>CAP_SYS_ADMIN</c>.</summary>
    public static string NameOf(Capability capability)
        => (uint)capability < (uint)Spelled.Length ? $"CAP_{Spelled[(int)capability]}" : $"CAP_{(int)capability}";

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Names);
}
