namespace EbpfReceiver.Samples;

/// <summary>What the process probe says; it may change while samples arrive.</summary>
internal sealed class ProcessEventSettings
{
    private volatile bool _events;
    private volatile bool _arguments = true;

    /// <summary>Whether execs and exits are log events; identity hears of them either way.</summary>
    public bool Events
    {
        get => _events;
        set => _events = value;
    }

    /// <summary>Whether the redacted arguments of processes leave the machine.</summary>
    public bool Arguments
    {
        get => _arguments;
        set => _arguments = value;
    }
}
