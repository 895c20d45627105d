namespace EbpfReceiver.Doctor;

/// <summary>What the machine is: version, types, lockdown, where it is mounted.</summary>
internal static class KernelChecks
{
    private const string Area = "kernel";

    public static IEnumerable<Check> Run(SystemFiles files)
    {
        yield return Version(files);
        yield return Types(files);
        yield return Lockdown(files);
        yield return Cgroup(files);
    }

    public static Check Version(SystemFiles files)
    {
        string release = files.Read("proc/sys/kernel/osrelease") ?? "unknown";
        string[] parts = release.Split('.', '-');
        bool known = int.TryParse(parts[0], out int major) & int.TryParse(parts.ElementAtOrDefault(1), out int minor);
        if (!known)
            return new Check(Area, "version", CheckOutcome.Degraded, $"{release} is not a version that is understood");
        return major > 5 || (major == 5 && minor >= 10)
            ? new Check(Area, "version", CheckOutcome.Yes, release)
            : new Check(Area, "version", CheckOutcome.Degraded, $"{release} is older than 5.10, with which this is tested", "Use Linux 5.10 or later.");
    }

    public static Check Types(SystemFiles files) => files.Exists("sys/kernel/btf/vmlinux")
        ? new Check(Area, "types (BTF)", CheckOutcome.Yes, "/sys/kernel/btf/vmlinux")
        : new Check(
            Area, "types (BTF)", CheckOutcome.No, "/sys/kernel/btf/vmlinux is not there: programs cannot be fitted to this kernel",
            files.Exists("sys/kernel") ? "Use a kernel built with CONFIG_DEBUG_INFO_BTF=y." : "Mount sysfs, in a container with -v /sys:/sys:ro.")
        { Fatal = true };

    public static Check Lockdown(SystemFiles files)
    {
        string? modes = files.Read("sys/kernel/security/lockdown");
        if (modes is null)
            return new Check(Area, "lockdown", CheckOutcome.Yes, "not in this kernel, or securityfs is not mounted");
        int start = modes.IndexOf('[') + 1, end = modes.IndexOf(']');
        string mode = start > 0 && end > start ? modes[start..end] : modes;
        return mode == "confidentiality"
            ? new Check(
                Area, "lockdown", CheckOutcome.No, "in confidentiality mode, which forbids tracing",
                "Boot without lockdown=confidentiality; integrity mode is enough for secure boot.")
            { Fatal = true }
            : new Check(Area, "lockdown", CheckOutcome.Yes, mode);
    }

    public static Check Cgroup(SystemFiles files)
    {
        if (files.Exists("sys/fs/cgroup/cgroup.controllers"))
            return new Check(Area, "cgroup", CheckOutcome.Yes, "version 2");
        return files.Exists("sys/fs/cgroup/memory") || files.Exists("sys/fs/cgroup/cpu")
            ? new Check(Area, "cgroup", CheckOutcome.Yes, "version 1: containers are told from the path of a controller")
            : new Check(
                Area, "cgroup", CheckOutcome.Degraded, "no hierarchy is mounted at /sys/fs/cgroup: containers are told from /proc/PID/cgroup alone",
                "Nothing needs to be done on a machine without containers.");
    }
}
