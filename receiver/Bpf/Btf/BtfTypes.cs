using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The types of a kernel, of a kernel module or of a BPF object, in the BPF Type Format. Types are read from the raw bytes
/// when they are asked for; only where each begins is kept. Names are indexed at the first look-up. Thread-safe.
/// </summary>
/// <remarks>Source of the format: Documentation/bpf/btf.rst.</remarks>
public sealed class BtfTypes
{
    /// <summary>Where a kernel shows its own types.</summary>
    public const string KernelPath = "/sys/kernel/btf/vmlinux";

    /// <summary>Strings are cut after so many bytes; the kernel takes no identifier over 512, compilers quote source lines.</summary>
    private const int MaxStringLength = 4096;

    private readonly ReadOnlyMemory<byte> _image;
    private readonly int[] _offsets; // of each own type in the image, in order
    private readonly int _strings;
    private readonly uint _stringsLength;
    private BtfNameIndex? _index;

    private BtfTypes(ReadOnlyMemory<byte> image, int[] offsets, int strings, uint stringsLength, BtfTypes? baseTypes)
    {
        _image = image;
        _offsets = offsets;
        _strings = strings;
        _stringsLength = stringsLength;
        Base = baseTypes;
        FirstId = baseTypes?.Count ?? 1;
        FirstString = baseTypes is null ? 0 : baseTypes.FirstString + baseTypes._stringsLength;
    }

    /// <summary>The types that these continue, as those of a kernel module continue the kernel's; or null.</summary>
    public BtfTypes? Base { get; }

    /// <summary>The whole image, as BPF_BTF_LOAD takes it.</summary>
    public ReadOnlyMemory<byte> Image => _image;

    /// <summary>One more than the highest type id (id 0 is void).</summary>
    public uint Count => FirstId + (uint)_offsets.Length;

    /// <summary>The lowest id of a type of its own; 1 without a base.</summary>
    public uint FirstId { get; }

    private uint FirstString { get; }

    /// <summary>Reads an image, of either order of bytes.</summary>
    /// <param name="image">The bytes; they are kept and must not change.</param>
    /// <param name="baseTypes">For split BTF, the types it continues.</param>
    /// <exception cref="BpfFormatException">The image is malformed.</exception>
    public static BtfTypes Parse(ReadOnlyMemory<byte> image, BtfTypes? baseTypes = null)
    {
        image = InOurOrder(image);
        var header = BtfHeader.Read(image.Span);
        // The first string is the empty one, but of types that continue others.
        if (baseTypes is null && header.StringsLength > 0 && image.Span[header.StringsOffset] != 0)
        {
            throw new BpfFormatException(
                "These types continue others, as those of a module continue its kernel's, and mean nothing without them.");
        }
        var offsets = BtfWalk.Offsets(image.Span, header);
        return new(image, offsets, header.StringsOffset, (uint)header.StringsLength, baseTypes);
    }

    /// <summary>Reads the types of the running kernel.</summary>
    /// <exception cref="BpfException">
    /// The kernel shows none: it was built without CONFIG_DEBUG_INFO_BTF, or /sys is not mounted.
    /// </exception>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public static BtfTypes LoadKernel() => LoadFile(KernelPath);

    /// <summary>
    /// Reads types from a file of raw BTF, or from the section .BTF of an ELF file: a vmlinux, an object, with the types that it continues
    /// also a module. What the running kernel shows of its modules beside <see cref="KernelPath"/> continues its own types.
    /// </summary>
    /// <exception cref="BpfException">The file can't be read.</exception>
    /// <exception cref="BpfFormatException">The file is malformed, or an ELF file without such a section.</exception>
    public static BtfTypes LoadFile(string path, BtfTypes? baseTypes = null)
    {
        byte[] image;
        try
        {
            if (baseTypes is null && path != KernelPath && Path.GetDirectoryName(path) == Path.GetDirectoryName(KernelPath))
                baseTypes = LoadKernel();
            image = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfException(
                $"The types in {path} can't be read ({e.Message}); a kernel shows its own in {KernelPath} if it was built with "
                + "CONFIG_DEBUG_INFO_BTF.", e);
        }
        try
        {
            return Parse(ElfObject.IsElf(image) ? ElfObject.SectionOf(image, path, ".BTF") : image, baseTypes);
        }
        catch (BpfFormatException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new BpfFormatException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>A type by its id.</summary>
    /// <exception cref="BpfFormatException">There is no such id: whatever refers to it is malformed.</exception>
    public BtfType this[uint id]
    {
        get
        {
            if (id == 0)
                return new(this, 0, -1);
            if (id < FirstId)
                return Base![id];
            var own = id - FirstId;
            if (own >= (uint)_offsets.Length)
                ThrowNoSuchType(id);
            return new(this, id, _offsets[own]);
        }
    }

    /// <summary>Looks a type up by its exact name and kind; the base is searched first.</summary>
    /// <param name="name">The name, without "struct" or "enum".</param>
    /// <param name="kind">The kind; <see cref="BtfKind.Enum"/> finds 64-bit enums too.</param>
    /// <param name="id">The type's id; 0 if there is none.</param>
    public bool TryFind(string name, BtfKind kind, out uint id)
    {
        if (Base is not null && Base.TryFind(name, kind, out id))
            return true;
        var utf8 = Encoding.UTF8.GetBytes(name);
        foreach (var candidate in Named(EssentialName.Of(utf8)))
        {
            var type = this[candidate];
            if ((type.Kind == kind || (kind == BtfKind.Enum && type.Kind == BtfKind.Enum64)) && type.NameUtf8.SequenceEqual(utf8))
            {
                id = candidate;
                return true;
            }
        }
        id = 0;
        return false;
    }

    /// <summary>Bytes a value of a type takes.</summary>
    /// <exception cref="BpfFormatException">The type has no size (void, a function), or refers to itself without end.</exception>
    public uint SizeOf(uint id) => BtfResolution.SizeOf(this, id);

    /// <summary>The type behind typedefs, const, volatile, restrict and tags.</summary>
    /// <exception cref="BpfFormatException">The type refers to itself without end.</exception>
    public BtfType Resolve(uint id) => BtfResolution.Resolve(this, id);

    /// <summary>A type as C writes it, for people: <c>struct task_struct</c>, <c>unsigned int</c>.</summary>
    public string Describe(uint id) => BtfNaming.Describe(this, id);

    /// <summary>Own types with this name but for a flavour (<c>___x</c>), lowest id first.</summary>
    internal BtfNameIndex.Enumerator Named(ReadOnlySpan<byte> essentialName)
    {
        // Two threads may both build the index; they build the same.
        var index = Volatile.Read(ref _index);
        if (index is null)
        {
            index = BtfNameIndex.Build(this);
            Volatile.Write(ref _index, index);
        }
        return index.Find(this, essentialName);
    }

    /// <summary>The image, or a copy with the order of bytes that is read here.</summary>
    internal static ReadOnlyMemory<byte> InOurOrder(ReadOnlyMemory<byte> image) =>
        BtfHeader.IsBigEndian(image.Span) ? ByteOrder.OfTypes(image.Span) : image;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint ReadUInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_image.Span[offset..]);

    /// <summary>Where each own type is in the image, in the order of the ids.</summary>
    internal ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>A string of the string section, or of the base's; empty if the offset is past the end.</summary>
    internal ReadOnlySpan<byte> StringAt(uint offset)
    {
        if (offset < FirstString)
            return Base!.StringAt(offset);
        offset -= FirstString;
        if (offset >= _stringsLength)
            return default;
        // The bound keeps an image whose types all share one endless name from costing its square.
        var rest = _image.Span.Slice(_strings + (int)offset, (int)Math.Min(_stringsLength - offset, MaxStringLength));
        var end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static void ThrowNoSuchType(uint id) => throw new BpfFormatException($"BTF refers to type {id}, which is not there.");
}
