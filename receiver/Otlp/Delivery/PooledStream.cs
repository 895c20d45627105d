namespace EbpfReceiver.Otlp;

/// <summary>A stream that can only be written to, into a pooled buffer.</summary>
internal sealed class PooledStream(int capacity) : Stream
{
    private readonly ProtobufWriter _buffer = new(capacity);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _buffer.Position;

    public override long Position
    {
        get => _buffer.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>What was written, as a batch that owns the buffer.</summary>
    public Batch DetachBatch(Signal signal, int items)
    {
        int length = _buffer.Position;
        return Batch.Own(signal, items, _buffer.Detach(0), length);
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _buffer.WriteRaw(buffer);

    public override void Write(byte[] buffer, int offset, int count) => _buffer.WriteRaw(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _buffer.Dispose();
        base.Dispose(disposing);
    }
}
