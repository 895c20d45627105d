using EbpfReceiver.Identity;

namespace EbpfReceiver.Samples;

/// <summary>Forks feed identity; they are no items.</summary>
internal sealed class ProcessForkDecoder(IdentityTable identity) : SampleDecoder
{
    /// <inheritdoc/>
    public override SampleOutcome Decode(ReadOnlySpan<byte> sample)
    {
        if (!Has<ProcessFork>(sample)) return SampleOutcome.Undecodable;
        ref readonly ProcessFork fork = ref As<ProcessFork>(sample);
        identity.OnFork(
            (int)fork.Header.Process.Pid,
            fork.Header.Process.StartTime,
            (int)fork.Child.Pid,
            fork.Child.StartTime,
            fork.Header.Time);
        return SampleOutcome.Delivered;
    }
}
