namespace EbpfReceiver.ProbeLanguage;

/// <summary>The value of the start map: when it started, what it stands for (2^n hits), then what it captured.</summary>
internal static class StartEntry
{
    public const int Time = 0;
    public const int Sampling = 8;
    public const int Captures = 16;
}
