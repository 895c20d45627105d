using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EbpfReceiver.Samples;

/// <summary>Turns samples of one kind into items. Called by the thread that reads the samples only.</summary>
internal abstract class SampleDecoder
{
    /// <summary>Uses a sample; its header is known to be there. What does not fit its layout is refused, never thrown at.</summary>
    public abstract SampleOutcome Decode(ReadOnlySpan<byte> sample);

    /// <summary>Whether a sample has room for a layout.</summary>
    protected static bool Has<T>(ReadOnlySpan<byte> sample)
        where T : unmanaged => sample.Length >= Unsafe.SizeOf<T>();

    /// <summary>The layout at the start of a sample; perf buffers do not align it, and both architectures do not mind.</summary>
    protected static ref readonly T As<T>(ReadOnlySpan<byte> sample)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(sample);

    /// <summary>What follows the layout; perf buffers pad it with up to seven bytes.</summary>
    protected static ReadOnlySpan<byte> Tail<T>(ReadOnlySpan<byte> sample)
        where T : unmanaged => sample[Unsafe.SizeOf<T>()..];

    /// <summary>Takes the first bytes off a tail; false if it has not so many.</summary>
    protected static bool TryTake(ref ReadOnlySpan<byte> tail, int length, out ReadOnlySpan<byte> taken)
    {
        if (length > tail.Length)
        {
            taken = [];
            return false;
        }

        taken = tail[..length];
        tail = tail[length..];
        return true;
    }
}
