using System.Buffers.Binary;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Tries which kinds of types the kernel shows and takes, by the smallest BTF that has each.</summary>
internal static unsafe class TypeFeatures
{
    private const uint Int = 1;
    private const uint Pointer = 2;
    private const uint Function = 12;
    private const uint Prototype = 13;
    private const uint Variable = 14;
    private const uint DataSection = 15;
    private const uint Float = 16;
    private const uint DeclarationTag = 17;
    private const uint TypeTag = 18;
    private const uint Enum64 = 19;
    private const uint SignedInt = (1 << 24) | 32; // what follows an int: its encoding and its bits

    /// <summary>Name 1 of the strings below; an empty name is 0.</summary>
    private const uint Name = 1;

    /// <summary>A signed int of 4 bytes, which is type 1 wherever it is needed.</summary>
    private static readonly uint[] IntType = [Name, Int << 24, 4, SignedInt];

    public static FeatureAnswer OfKernel()
    {
        try
        {
            using var file = File.OpenRead(BtfTypes.KernelPath);
            Span<byte> magic = stackalloc byte[2];
            file.ReadExactly(magic);
            return magic.SequenceEqual((ReadOnlySpan<byte>)[0x9f, 0xeb])
                ? FeatureAnswer.Yes($"{BtfTypes.KernelPath} was read.")
                : FeatureAnswer.No($"{BtfTypes.KernelPath} is not BTF.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return FeatureAnswer.No(
                $"{BtfTypes.KernelPath} is not there: the kernel was built without CONFIG_DEBUG_INFO_BTF, or /sys is not mounted.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return FeatureAnswer.No($"{BtfTypes.KernelPath} can't be read: {e.Message}");
        }
    }

    public static FeatureAnswer OfObjects(KernelFeature feature) => feature switch
    {
        KernelFeature.ModuleTypes => Modules(),
        KernelFeature.BtfFunctions => Takes([.. IntType, 0, Prototype << 24, 0, Name, Function << 24, 2]),
        KernelFeature.BtfGlobalFunctions => Takes([.. IntType, 0, Prototype << 24, 0, Name, (Function << 24) | 1, 2]),
        KernelFeature.BtfDataSections => Takes(
            [.. IntType, Name, Variable << 24, 1, 0, Name, (DataSection << 24) | 1, 4, 2, 0, 4]),
        KernelFeature.BtfFloats => Takes([Name, Float << 24, 4]),
        KernelFeature.BtfDeclarationTags => Takes([.. IntType, Name, Variable << 24, 1, 0, Name, DeclarationTag << 24, 2, uint.MaxValue]),
        KernelFeature.BtfTypeTags => Takes([.. IntType, Name, TypeTag << 24, 1, 0, Pointer << 24, 2]),
        KernelFeature.BtfEnum64 => Takes([Name, Enum64 << 24, 8]),
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature, "There is no such feature."),
    };

    /// <summary>Loads types, an int as type 1 first. The result is a descriptor, or minus the errno.</summary>
    public static long LoadInt() => Load(IntType);

    private static FeatureAnswer Takes(params ReadOnlySpan<uint> types)
        => FeatureAnswer.Of(ProbePrograms.Closed(Load(types)), "types of this kind were loaded");

    /// <summary>Before 5.11 the kernel tells no names of BTF, and refuses to be asked for them (E2BIG).</summary>
    private static FeatureAnswer Modules()
    {
        var loaded = Load(IntType);
        if (loaded < 0)
            return FeatureAnswer.Of(loaded, "");
        using var descriptor = FileDescriptor.Adopt(loaded);
        using var lease = descriptor.Lease();
        var name = stackalloc byte[16];
        var info = new BtfInfo { Name = (ulong)name, NameLength = 16 };
        return FeatureAnswer.Of(BpfSyscall.GetInfo(lease.Fd, ref info), "the kernel tells names of BTF");
    }

    private static long Load(ReadOnlySpan<uint> types)
    {
        const int HeaderSize = 24;
        ReadOnlySpan<byte> strings = "\0x\0"u8;
        var image = new byte[HeaderSize + types.Length * 4 + strings.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(image, 0xeb9f);
        image[2] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(4), HeaderSize);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(12), types.Length * 4); // behind the offset of types, 0
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(16), types.Length * 4);
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(20), strings.Length);
        for (var i = 0; i < types.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(HeaderSize + i * 4), types[i]);
        strings.CopyTo(image.AsSpan(HeaderSize + types.Length * 4));
        fixed (byte* pointer = image)
        {
            var attribute = new BtfLoadAttribute { Btf = (ulong)pointer, Size = (uint)image.Length };
            return BpfSyscall.Call(BpfCommand.BtfLoad, ref attribute);
        }
    }
}
