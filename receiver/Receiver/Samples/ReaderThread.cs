using System.Buffers.Text;

namespace EbpfReceiver.Samples;

/// <summary>How long the thread that reads the samples was on a CPU, and waited for one: the receiver's own run queue.</summary>
internal sealed class ReaderThread
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Enough of a kernel stack to see what it waits for.</summary>
    private const int StackFrames = 6;

    private volatile string? _directory;

    /// <summary>Tells which thread it is; to be called on it, any number of times.</summary>
    public void Introduce()
    {
        if (_directory is not null) return;

        // A link to PID/task/TID, as the reader itself sees it.
        _directory = File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false) is { } self ? self.FullName : "";
    }

    /// <summary>
    /// Where the thread is: its state, the kernel function that it waits in, and, with CAP_SYS_ADMIN, the kernel's stack. For people.
    /// </summary>
    public string Describe()
    {
        if (_directory is not { Length: > 0 } directory) return "it has not begun";
        string state = Read($"{directory}/status")?.Split('\n').FirstOrDefault(l => l.StartsWith("State:", StringComparison.Ordinal)) is { } line
            ? line["State:".Length..].Trim()
            : "ended";
        string wait = Read($"{directory}/wchan") is { Length: > 0 } and not "0" and var function ? $", waits in {function}" : "";
        string[] frames = (Read($"{directory}/stack") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string stack = frames.Length > 0
            ? $", kernel stack {string.Join(" < ", frames.Take(StackFrames).Select(f => f[(f.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim()))}"
            : "";
        return $"thread {Path.GetFileName(directory)}, state {state}{wait}{stack}";
    }

    /// <summary>
    /// Seconds on a CPU and seconds waited for one since the thread began; 0 where the kernel does not say (CONFIG_SCHED_INFO) or it has
    /// ended.
    /// </summary>
    public (double OnCpu, double Waiting) Times()
    {
        if (_directory is not { Length: > 0 } directory) return default;
        string path = $"{directory}/schedstat";
        if (!File.Exists(path)) return default;

        // Time on the CPU, time in the run queue, and how often it was given a CPU.
        ReadOnlySpan<byte> text = File.ReadAllBytes(path);
        int space = text.IndexOf((byte)' ');
        return space > 0
            && Utf8Parser.TryParse(text, out ulong onCpu, out _)
            && Utf8Parser.TryParse(text[(space + 1)..], out ulong waiting, out _)
            ? (onCpu / NanosecondsPerSecond, waiting / NanosecondsPerSecond)
            : default;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The thread has ended, or the file is not for us (stack).
            return null;
        }
    }
}
