using System.Buffers.Text;

namespace EbpfReceiver.Identity;

/// <summary>What identity needs of <c>/proc/PID/stat</c> (proc_pid_stat(5)).</summary>
/// <param name="Pid">Field 1.</param>
/// <param name="State">Field 3: R, S, D, Z...</param>
/// <param name="ParentPid">Field 4.</param>
/// <param name="StartTicks">Field 22: start after boot, in units of 10 ms (USER_HZ is 100 on every architecture we run on).</param>
internal readonly record struct ProcStat(int Pid, byte State, int ParentPid, ulong StartTicks)
{
    /// <summary>Nanoseconds in one tick of <see cref="StartTicks"/>.</summary>
    public const ulong NanosecondsPerTick = 10_000_000;

    /// <summary>Parses the file. The name in field 2 may hold anything, spaces and parentheses too, so the last ')' ends it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcStat stat)
    {
        stat = default;
        int close = text.LastIndexOf((byte)')');
        if (close < 0 || !Utf8Parser.TryParse(text, out int pid, out _)) return false;
        ReadOnlySpan<byte> rest = text[(close + 1)..];
        byte state = 0;
        int parent = 0;
        for (int field = 3; field <= 22; field++)
        {
            rest = rest.TrimStart((byte)' ');
            if (rest.IsEmpty) return false;
            switch (field)
            {
                case 3:
                    state = rest[0];
                    break;
                case 4 when !Utf8Parser.TryParse(rest, out parent, out _):
                    return false;
                case 22:
                    if (!Utf8Parser.TryParse(rest, out ulong ticks, out _)) return false;
                    stat = new ProcStat(pid, state, parent, ticks);
                    return true;
            }

            int space = rest.IndexOf((byte)' ');
            if (space < 0) return false;
            rest = rest[space..];
        }

        return false;
    }
}
