using System.Buffers.Text;

namespace EbpfReceiver.Identity;

/// <summary>Reads single values of <c>/proc/PID/status</c> (proc_pid_status(5)).</summary>
internal static class ProcStatus
{
    /// <summary>The real user id: the first number of the line <c>Uid:</c>.</summary>
    public static bool TryReadUid(ReadOnlySpan<byte> text, out uint uid)
    {
        uid = 0;
        int at = text.StartsWith("Uid:"u8) ? 0 : text.IndexOf("\nUid:"u8) + 1;
        if (at == 0 && !text.StartsWith("Uid:"u8)) return false;
        return Utf8Parser.TryParse(text[(at + 4)..].TrimStart("\t "u8), out uid, out _);
    }
}
