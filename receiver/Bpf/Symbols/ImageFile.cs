using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Bpf;

/// <summary>
/// An executable or library on disk: its headers, and bounded reads of its sections. It may be of any size and someone else's, so it is
/// neither read whole nor mapped (a mapping of a file that is cut short meanwhile ends the process with SIGBUS).
/// </summary>
internal sealed class ImageFile : IDisposable
{
    private const int HeaderSize = 64;
    private const int SegmentSize = 56;
    private const int SectionSize = 64;
    private const uint Load = 1;
    private const uint Executable = 1;
    private const int LongestName = 256;
    private const int MostSections = 1 << 20;
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private int _nameTable;

    private ImageFile(string path)
    {
        Path = path;
        _file = File.OpenHandle(path);
        try
        {
            _length = RandomAccess.GetLength(_file);
            ReadHeaders();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>e_machine: 62 for x86-64, 183 for aarch64.</summary>
    public ushort Machine { get; private set; }

    /// <summary>Whether it runs at the addresses that it was linked for (ET_EXEC), and not wherever it is put.</summary>
    public bool IsFixed { get; private set; }

    /// <summary>The path without symbolic links on its way, as the kernel shows it for the open file.</summary>
    public string RealPath
    {
        get
        {
            try
            {
                return File.ResolveLinkTarget($"/proc/self/fd/{_file.DangerousGetHandle()}", returnFinalTarget: false)?.FullName ?? Path;
            }
            catch (IOException)
            {
                return Path;
            }
        }
    }

    public List<ImageSegment> Segments { get; } = [];

    public List<ImageSection> Sections { get; } = [];

    /// <summary>Opens a file.</summary>
    /// <exception cref="BpfException">It can't be read.</exception>
    /// <exception cref="BpfFormatException">It is not a 64-bit little-endian ELF file, or is malformed.</exception>
    public static ImageFile Open(string path)
    {
        try
        {
            return new ImageFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new BpfException($"{path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads up to the length of the buffer from within a section.</summary>
    /// <returns>Bytes read; fewer than asked for only at the end of the section.</returns>
    /// <exception cref="BpfFormatException">The section reaches past the end of the file.</exception>
    public int Read(in ImageSection section, ulong offset, Span<byte> buffer)
    {
        if (offset >= section.Size)
            return 0;
        var count = (int)Math.Min((ulong)buffer.Length, section.Size - offset);
        if (section.Offset > ulong.MaxValue - offset)
            throw Malformed("a section is past its end");
        ReadAt(section.Offset + offset, buffer[..count]);
        return count;
    }

    /// <summary>The section that another one links to.</summary>
    public ImageSection LinkedSection(in ImageSection section)
        => section.Link < (uint)Sections.Count ? Sections[(int)section.Link] : throw Malformed("a section links to one that is not there");

    /// <summary>The first section of a name that has contents in the file, or null.</summary>
    public ImageSection? FindSection(string name)
    {
        if (_nameTable <= 0 || _nameTable >= Sections.Count)
            return null;
        var strings = Sections[_nameTable];
        var wanted = Encoding.ASCII.GetBytes(name + '\0');
        Span<byte> text = stackalloc byte[LongestName];
        text = text[..wanted.Length];
        foreach (var section in Sections)
        {
            if (section.Type != ImageSection.NoBits && Read(strings, section.Name, text) == wanted.Length && text.SequenceEqual(wanted))
                return section;
        }

        return null;
    }

    /// <summary>All of a section that can't be large.</summary>
    /// <exception cref="BpfFormatException">It is larger than the limit, or reaches past the end of the file.</exception>
    public byte[] ReadAll(in ImageSection section, int limit)
    {
        if (section.Size > (ulong)limit || section.Size > (ulong)_length)
            throw Malformed($"a section of it has {section.Size} bytes");
        var bytes = new byte[section.Size];
        _ = Read(section, 0, bytes);
        return bytes;
    }

    /// <summary>Reads bytes at an offset of the file; fewer than asked for at its end.</summary>
    public int ReadFile(ulong offset, Span<byte> buffer)
    {
        if (offset >= (ulong)_length)
            return 0;
        buffer = buffer[..(int)Math.Min((ulong)buffer.Length, (ulong)_length - offset)];
        ReadAt(offset, buffer);
        return buffer.Length;
    }

    /// <summary>The place in the file of an address, by the segment that holds it; null if none of that kind does.</summary>
    public ulong? FileOffsetOf(ulong address, bool executable)
    {
        foreach (var segment in Segments)
        {
            if (segment.IsExecutable == executable && segment.Contains(address))
                return segment.FileOffset(address);
        }

        return null;
    }

    /// <summary>CRC-32 of the whole file, as .gnu_debuglink has it.</summary>
    public uint Checksum()
    {
        var buffer = new byte[1 << 16];
        uint checksum = 0;
        ulong offset = 0;
        for (int read; (read = ReadFile(offset, buffer)) > 0; offset += (ulong)read)
            checksum = Crc32.Append(checksum, buffer.AsSpan(0, read));
        return checksum;
    }

    public BpfFormatException Malformed(string what) => new($"{Path} is not a sound ELF file: {what}.");

    public void Dispose() => _file.Dispose();

    private void ReadHeaders()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (_length < HeaderSize)
            throw Malformed("it is too short");
        ReadAt(0, header);
        if (!header[..4].SequenceEqual("\x7F"u8 + "ELF"u8))
            throw Malformed("it does not start as one");
        if (header[4] != 2 || header[5] != 1)
            throw new BpfFormatException($"{Path} is not for 64-bit little-endian machines, which are the only ones supported.");

        IsFixed = BinaryPrimitives.ReadUInt16LittleEndian(header[16..]) == 2;
        Machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        _nameTable = BinaryPrimitives.ReadUInt16LittleEndian(header[62..]);
        ReadSegments(BinaryPrimitives.ReadUInt64LittleEndian(header[32..]), BinaryPrimitives.ReadUInt16LittleEndian(header[54..]),
            BinaryPrimitives.ReadUInt16LittleEndian(header[56..]));
        ReadSections(BinaryPrimitives.ReadUInt64LittleEndian(header[40..]), BinaryPrimitives.ReadUInt16LittleEndian(header[58..]),
            BinaryPrimitives.ReadUInt16LittleEndian(header[60..]));
    }

    private void ReadSegments(ulong offset, int size, int count)
    {
        if (count != 0 && size < SegmentSize)
            throw Malformed("its segment headers are too short");
        Span<byte> entry = stackalloc byte[SegmentSize];
        for (var i = 0; i < count; i++)
        {
            ReadAt(unchecked(offset + (ulong)i * (ulong)size), entry);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == Load)
            {
                Segments.Add(new(
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]),
                    (BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) & Executable) != 0));
            }
        }
    }

    private void ReadSections(ulong offset, int size, int count)
    {
        // With 0xff00 sections or more the counts are in the first section (ELF, "extended numbering").
        var isLong = count == 0 && offset != 0;
        if ((count != 0 || isLong) && size < SectionSize)
            throw Malformed("its section headers are too short");
        Span<byte> entry = stackalloc byte[SectionSize];
        for (var i = 0; i < count || isLong; i++)
        {
            ReadAt(unchecked(offset + (ulong)i * (ulong)size), entry);
            Sections.Add(new(
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[40..])));
            if (i != 0)
                continue;
            if (_nameTable == 0xffff)
                _nameTable = (int)Math.Min(Sections[0].Link, int.MaxValue);
            if (isLong)
                count = (int)Math.Min(Sections[0].Size, MostSections);
            isLong = false;
        }
    }

    private void ReadAt(ulong offset, Span<byte> buffer)
    {
        if (offset > (ulong)_length || (ulong)buffer.Length > (ulong)_length - offset)
            throw Malformed("a part of it is past its end");
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(_file, buffer, (long)offset);
            if (read == 0)
                throw Malformed("it became shorter while it was read");
            buffer = buffer[read..];
            offset += (ulong)read;
        }
    }
}
