namespace EbpfReceiver.ProbeLanguage;

/// <summary>Something that is sent for each hit: a span or a log record.</summary>
public abstract record EventDefinition : EmitterDefinition
{
    /// <summary>Limit on them; null: none but the probe's.</summary>
    public EventRate? Rate { get; init; }
}
