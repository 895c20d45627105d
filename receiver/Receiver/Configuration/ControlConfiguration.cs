namespace EbpfReceiver.Configuration;

/// <summary>Key <c>receiver.control</c>: who may switch, add and remove probes.</summary>
public sealed record ControlConfiguration
{
    /// <summary>Who may without a token.</summary>
    public ControlAllowance Allow { get; init; } = ControlAllowance.Owner;

    /// <summary>Tokens that give the right, from wherever they come.</summary>
    public TokenConfiguration Tokens { get; init; } = new();
}
