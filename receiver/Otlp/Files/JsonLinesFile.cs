namespace EbpfReceiver.Otlp;

/// <summary>
/// A file of lines that only grows by whole lines: a line that could not be written completely is cut off again.
/// </summary>
internal sealed class JsonLinesFile : IDisposable
{
    private readonly FileStream _file;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _buffered;

    public JsonLinesFile(string path) =>
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Whether the line can join those in the buffer; otherwise flush first.</summary>
    public bool HasRoomFor(int bytes) => bytes <= _buffer.Length - _buffered;

    /// <summary>Buffers a line, or writes it when it is larger than the buffer, which must be empty then.</summary>
    /// <exception cref="IOException">The disk is full or failing; the line was not kept.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        if (line.Length > _buffer.Length)
        {
            Write(line);
            return;
        }
        line.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += line.Length;
    }

    /// <exception cref="IOException">The disk is full or failing; the lines that were buffered are gone.</exception>
    public void Flush()
    {
        ReadOnlySpan<byte> lines = _buffer.AsSpan(0, _buffered);
        _buffered = 0;
        if (!lines.IsEmpty)
            Write(lines);
    }

    public void Dispose() => _file.Dispose();

    private void Write(ReadOnlySpan<byte> lines)
    {
        if (!_file.CanSeek)
        {
            _file.Write(lines);
            return;
        }
        // The end is looked up each time: log rotation may have truncated the file.
        long end = _file.Seek(0, SeekOrigin.End);
        try
        {
            _file.Write(lines);
        }
        catch (IOException)
        {
            CutTo(end);
            throw;
        }
    }

    private void CutTo(long length)
    {
        try
        {
            _file.SetLength(length);
        }
        catch (IOException)
        {
            // The write's error is the one to report; this only leaves part of a line behind.
        }
    }
}
