using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Samples;

/// <summary>Execs feed identity and are log events.</summary>
/// <param name="identity">Which processes there are.</param>
/// <param name="files">Where what the sample lacks is looked for.</param>
/// <param name="logs">Takes the events.</param>
/// <param name="settings">Whether there are events, and whether with arguments.</param>
/// <param name="clock">Turns times into wall time.</param>
internal sealed class ProcessExecDecoder(
    IdentityTable identity,
    ProcFiles files,
    ItemBatcher<ItemOwner> logs,
    ProcessEventSettings settings,
    KernelClock clock) : SampleDecoder
{
    /// <inheritdoc/>
    public override SampleOutcome Decode(ReadOnlySpan<byte> sample)
    {
        if (!Has<ProcessExec>(sample)) return SampleOutcome.Undecodable;
        ref readonly ProcessExec exec = ref As<ProcessExec>(sample);
        ReadOnlySpan<byte> tail = Tail<ProcessExec>(sample);
        if (!TryTake(ref tail, exec.PathLength, out ReadOnlySpan<byte> path)
            || !TryTake(ref tail, exec.ArgumentsLength, out ReadOnlySpan<byte> arguments)
            || !TryTake(ref tail, exec.EnvironmentLength, out ReadOnlySpan<byte> environment)
            || !TryTake(ref tail, exec.CgroupLength, out ReadOnlySpan<byte> cgroup)) return SampleOutcome.Undecodable;

        int pid = (int)exec.Header.Process.Pid;
        ReadOnlySpan<byte> comm = exec.Header.Comm;
        ProcessDescription process = ProcessDescription.FromExec(
            pid, (int)exec.Parent.Pid, exec.Header.Process.StartTime, exec.Header.Uid, comm, path, arguments, environment, cgroup);
        bool lacking = (arguments.IsEmpty && exec.ArgumentsTotal > 0) || (environment.IsEmpty && exec.EnvironmentTotal > 0)
            || path is not [(byte)'/', ..];
        if (lacking && files.TryDescribe(pid, out ProcessDescription? found)
            && found!.StartTime / ProcStat.NanosecondsPerTick == process.StartTime / ProcStat.NanosecondsPerTick)
        {
            process = found with { StartTime = process.StartTime };
        }

        if (!settings.Arguments) process = process with { Arguments = [] };
        identity.OnExec(process, exec.Header.Time);
        ItemOwner key = identity.KeyOf(pid, process.StartTime, exec.Header.Time, comm, exec.Header.Uid, out bool observed);
        if (settings.Events && observed) Write(key, process, exec.Header.Time);
        return SampleOutcome.Delivered;
    }

    private void Write(ItemOwner key, ProcessDescription process, ulong time)
    {
        ulong at = clock.ToUnix(time);
        LogRecordWriter record = logs.BeginLogRecord(key, 0);
        record.Times(at, clock.ToUnix(clock.Now));
        record.Severity(Severity.Info);
        record.EventName(Events.ProcessExec);
        record.Attribute(Keys.ProcessPid, process.Pid);
        record.Attribute(Keys.ProcessParentPid, process.ParentPid);
        record.Attribute(Keys.ProcessExecutableName, process.ExecutableName);
        if (process.ExecutablePath.Length > 0) record.Attribute(Keys.ProcessExecutablePath, process.ExecutablePath);
        if (process.Arguments.Length > 0) record.StringArrayAttribute(Keys.ProcessCommandArgs, process.Arguments);
        record.Attribute(Keys.ProcessUserId, (long)process.Uid);
        record.End();
    }
}
