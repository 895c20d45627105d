using Tmds.Linux;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// read(2) of a file that the kernel writes as it is read (tracefs, iterators): forward only, of no known length, and at times EAGAIN.
/// </summary>
internal sealed unsafe class DescriptorStream(FileDescriptor descriptor, string doing) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        using var lease = descriptor.Lease();
        fixed (byte* target = buffer)
        {
            // An iterator that has gone over many objects without output answers EAGAIN and goes on the next time.
            for (var attempt = 0; ; attempt++)
            {
                var result = Syscall.Result(LibC.read(lease.Fd, target, (uint)buffer.Length));
                if (result >= 0)
                    return (int)result;
                var error = Syscall.ErrorOf(result);
                if (error != Errno.EINTR && (error != Errno.EAGAIN || attempt >= MostAttempts))
                    throw new BpfSyscallException("read", (int)-result, doing);
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        descriptor.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Each goes over up to a million objects.</summary>
    private const int MostAttempts = 1000;
}
