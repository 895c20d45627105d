namespace EbpfReceiver.Bpf;

/// <summary>What a program expects the kernel to define.</summary>
public enum ExternKind
{
    /// <summary>A value of the kernel's configuration or of the machine (<c>__kconfig</c>).</summary>
    Configuration,

    /// <summary>The address of something in the kernel, by its name in /proc/kallsyms (<c>extern void x __ksym</c>).</summary>
    Symbol,

    /// <summary>A variable of the kernel with its type (<c>extern int x __ksym</c>, since 5.10).</summary>
    Variable,

    /// <summary>A function of the kernel that programs may call (kfunc, since 5.13).</summary>
    Function,
}
