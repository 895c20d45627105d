namespace EbpfReceiver.Samples;

/// <summary>Names of signals by their number on x86-64 and arm64 (signal(7)).</summary>
internal static class SignalNames
{
    /// <summary>The name in UTF-8; <c>SIGRT</c> for real-time signals, <c>_OTHER</c> for what is none.</summary>
    public static ReadOnlySpan<byte> Of(int signal) => signal switch
    {
        1 => "SIGHUP"u8,
        2 => "SIGINT"u8,
        3 => "SIGQUIT"u8,
        4 => "SIGILL"u8,
        5 => "SIGTRAP"u8,
        6 => "SIGABRT"u8,
        7 => "SIGBUS"u8,
        8 => "SIGFPE"u8,
        9 => "SIGKILL"u8,
        10 => "SIGUSR1"u8,
        11 => "SIGSEGV"u8,
        12 => "SIGUSR2"u8,
        13 => "SIGPIPE"u8,
        14 => "SIGALRM"u8,
        15 => "SIGTERM"u8,
        16 => "SIGSTKFLT"u8,
        17 => "SIGCHLD"u8,
        18 => "SIGCONT"u8,
        19 => "SIGSTOP"u8,
        20 => "SIGTSTP"u8,
        21 => "SIGTTIN"u8,
        22 => "SIGTTOU"u8,
        23 => "SIGURG"u8,
        24 => "SIGXCPU"u8,
        25 => "SIGXFSZ"u8,
        26 => "SIGVTALRM"u8,
        27 => "SIGPROF"u8,
        28 => "SIGWINCH"u8,
        29 => "SIGIO"u8,
        30 => "SIGPWR"u8,
        31 => "SIGSYS"u8,
        >= 32 and <= 64 => "SIGRT"u8,
        _ => "_OTHER"u8,
    };
}
