namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>The system's clock, set forward.</summary>
internal sealed class LaterTime(TimeSpan offset) : TimeProvider
{
    public TimeSpan Offset { get; set; } = offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
