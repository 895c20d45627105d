using System.Runtime.InteropServices;
using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>ifname</c>: the name of a network interface by its index, in the receiver's network namespace; the index where it has none.</summary>
internal sealed unsafe partial class InterfaceDecoder : Decoder
{
    /// <summary>IF_NAMESIZE of net/if.h.</summary>
    private const int NameSize = 16;

    /// <inheritdoc/>
    public override bool IsConstant => false;

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (!value.TryGetNumber(out long index)) return value;
        if (index is <= 0 or > int.MaxValue) return DecodedValue.Of(value.ToString());
        byte* name = stackalloc byte[NameSize];
        return NameOf((uint)index, name) != null
            ? DecodedValue.Of(Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)))
            : DecodedValue.Of(value.ToString());
    }

    // if_indextoname(3).
    [LibraryImport("libc", EntryPoint = "if_indextoname")]
    private static partial byte* NameOf(uint index, byte* name);
}
