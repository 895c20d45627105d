using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// One buffer that the kernel writes and this process reads, of either kind: a descriptor that becomes readable, and counters. It is
/// drained by one thread; the counters may be read by others.
/// </summary>
internal abstract class SampleRing(FileDescriptor? descriptor) : IDisposable
{
    /// <summary>What epoll waits for; null in tests that bring their own memory.</summary>
    public FileDescriptor Descriptor => descriptor!;

    public abstract long Samples { get; }

    public long Bytes { get; protected set; }

    public long Lost { get; protected set; }

    /// <summary>
    /// Hands out the records that were there when it began, at most <paramref name="limit"/> of them. A pass that an exception of the sink
    /// ends is not counted.
    /// </summary>
    /// <exception cref="BpfException">The buffer does not hold what the kernel puts there.</exception>
    public abstract DrainOutcome Drain(SampleTarget target, int limit);

    /// <inheritdoc cref="Drain(SampleTarget, int)"/>
    public DrainOutcome Drain(ISampleSink sink, int limit) => Drain(new SampleTarget(sink), limit);

    public abstract void Dispose();

    /// <summary>Its name for messages.</summary>
    protected abstract string Name { get; }

    // Not kept from inlining: that is how the compiler sees that it does not return, and keeps nothing on the stack for afterwards.
    [DoesNotReturn]
    protected void ThrowBroken(ulong length, ulong available) => throw Broken(length, available);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BpfException Broken(ulong length, ulong available)
        => new($"{Name} holds a record of {length} bytes where {available} are left.");
}
