using OpenTelemetry.Proto.Logs.V1;

namespace EbpfReceiver.Terminal;

/// <summary>A log record in words.</summary>
internal static class LogLine
{
    public static EventLine Of(LogRecord record, in ResourceName owner)
    {
        var attributes = new AttributeReader(record.Attributes);
        DateTimeOffset time = At(record.TimeUnixNano != 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano);
        switch (record.EventName)
        {
            case "process.exec":
                return Line(owner, time, attributes, "exec", Command(attributes), [], false);
            case "process.exit":
                return Exit(owner, time, attributes);
            default:
                string severity = record.SeverityText.Length > 0 ? TerminalText.Clean(record.SeverityText, 12).ToLowerInvariant() : "log";
                string body = record.Body is { } value ? TerminalText.Clean(AttributeReader.Plain(value)) : "";
                string kind = record.EventName.Length > 0 ? TerminalText.Clean(record.EventName, 60) : severity;
                return new EventLine(time, owner.Process, owner.Pid, owner.Container, kind, body, [], record.SeverityNumber >= SeverityNumber.Error);
        }
    }

    /// <summary>Unix nanoseconds to local time.</summary>
    public static DateTimeOffset At(ulong unixNanoseconds)
    {
        long ticks = (long)(Math.Min(unixNanoseconds, (ulong)long.MaxValue) / 100);
        return DateTimeOffset.UnixEpoch.AddTicks(ticks).ToLocalTime();
    }

    private static EventLine Exit(in ResourceName owner, DateTimeOffset time, AttributeReader attributes)
    {
        string signal = attributes.Text("linux.process.exit.signal");
        double code = attributes.Number("process.exit.code");
        var details = new List<string>(2);
        if (attributes.Text("linux.process.core_dumped") == "true")
            details.Add("core dumped");
        if (attributes.Number("linux.process.duration") is > 0 and var duration)
            details.Add($"after {Quantity.Seconds(duration)}");
        if (attributes.Number("linux.process.user_time") + attributes.Number("linux.process.system_time") is > 0 and var cpu)
            details.Add($"cpu {Quantity.Seconds(cpu)}");
        string subject = signal.Length > 0 ? $"killed by {signal}" : $"code {code}";
        return Line(owner, time, attributes, "exit", subject, details, signal.Length > 0 || code != 0);
    }

    // The event says itself whose it is, also where the resource is not known.
    private static EventLine Line(
        in ResourceName owner, DateTimeOffset time, AttributeReader attributes, string kind, string subject, List<string> details, bool failed)
    {
        string name = attributes.Text("process.executable.name");
        int pid = (int)attributes.Number("process.pid");
        return new EventLine(
            time, name.Length > 0 ? name : owner.Process, pid > 0 ? pid : owner.Pid, owner.Container, kind, subject, details, failed);
    }

    private static string Command(AttributeReader attributes)
    {
        string path = attributes.Text("process.executable.path");
        if (path.Length == 0)
            path = attributes.Text("process.executable.name");
        if (attributes.Find("process.command_args")?.ArrayValue is not { Values.Count: > 1 } arguments)
            return path;
        return TerminalText.Clean(path + " " + string.Join(' ', arguments.Values.Skip(1).Select(AttributeReader.Plain)));
    }
}
