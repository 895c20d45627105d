using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Samples;

/// <summary>Exits feed identity and are log events.</summary>
/// <param name="identity">Which processes there are.</param>
/// <param name="logs">Takes the events.</param>
/// <param name="settings">Whether there are events.</param>
/// <param name="clock">Turns times into wall time.</param>
internal sealed class ProcessExitDecoder(
    IdentityTable identity,
    ItemBatcher<ItemOwner> logs,
    ProcessEventSettings settings,
    KernelClock clock) : SampleDecoder
{
    /// <summary>wait(2): the low seven bits are the signal, the next says that there is a core dump, the next eight are the code.</summary>
    private const uint SignalMask = 0x7F;

    private const uint CoreDumped = 0x80;
    private const double NanosecondsPerSecond = 1e9;

    /// <inheritdoc/>
    public override SampleOutcome Decode(ReadOnlySpan<byte> sample)
    {
        if (!Has<ProcessExit>(sample)) return SampleOutcome.Undecodable;
        ref readonly ProcessExit exit = ref As<ProcessExit>(sample);
        int pid = (int)exit.Header.Process.Pid;
        ulong start = exit.Header.Process.StartTime;
        ReadOnlySpan<byte> comm = exit.Header.Comm;
        ItemOwner key = identity.KeyOf(pid, start, exit.Header.Time, comm, exit.Header.Uid, out bool observed);
        if (!identity.OnExit(pid, start)) return SampleOutcome.Duplicate;
        if (settings.Events && observed) Write(key, exit);
        return SampleOutcome.Delivered;
    }

    private void Write(ItemOwner key, in ProcessExit exit)
    {
        ulong at = clock.ToUnix(exit.Header.Time);
        uint signal = exit.ExitCode & SignalMask;
        LogRecordWriter record = logs.BeginLogRecord(key, 0);
        record.Times(at, clock.ToUnix(clock.Now));
        record.Severity(signal == 0 ? Severity.Info : Severity.Warn);
        record.EventName(Events.ProcessExit);
        record.Attribute(Keys.ProcessPid, (long)exit.Header.Process.Pid);
        record.Attribute(Keys.ProcessParentPid, (long)exit.Parent.Pid);
        if (identity.Describe(key.Pid, key.StartTime, key.Time) is { } process)
            record.Attribute(Keys.ProcessExecutableName, process.ExecutableName);
        record.Attribute(Keys.ProcessUserId, (long)exit.Header.Uid);
        if (signal == 0) record.Attribute(Keys.ProcessExitCode, (long)((exit.ExitCode >> 8) & 0xFF));
        else record.Attribute(Keys.LinuxProcessExitSignal, SignalNames.Of((int)signal));
        if ((exit.ExitCode & CoreDumped) != 0) record.Attribute(Keys.LinuxProcessCoreDumped, true);
        ulong started = clock.BootToUnix(exit.Header.Process.StartTime);
        record.Attribute(Keys.LinuxProcessDuration, at > started ? (at - started) / NanosecondsPerSecond : 0.0);
        record.Attribute(Keys.LinuxProcessUserTime, exit.UserTime / NanosecondsPerSecond);
        record.Attribute(Keys.LinuxProcessSystemTime, exit.SystemTime / NanosecondsPerSecond);
        record.End();
    }
}
