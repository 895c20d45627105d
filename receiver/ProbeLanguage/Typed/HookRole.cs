namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a hook is to its probe.</summary>
public enum HookRole
{
    /// <summary>Everything happens at it.</summary>
    Single,

    /// <summary>It begins what an end completes.</summary>
    Start,

    /// <summary>It completes what a start began.</summary>
    End,
}
