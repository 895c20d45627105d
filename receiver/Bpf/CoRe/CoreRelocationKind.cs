namespace EbpfReceiver.Bpf;

/// <summary>What a CO-RE relocation asks of the kernel's types.</summary>
/// <remarks>Source: enum bpf_core_relo_kind, include/uapi/linux/bpf.h.</remarks>
public enum CoreRelocationKind : uint
{
    /// <summary>Offset of a field, in bytes.</summary>
    FieldByteOffset = 0,

    /// <summary>Size of a field, in bytes.</summary>
    FieldByteSize = 1,

    /// <summary>1 if the field is there, else 0.</summary>
    FieldExists = 2,

    /// <summary>1 if the field is a signed integer, else 0.</summary>
    FieldSigned = 3,

    /// <summary>Bits to shift a loaded u64 left by, to drop what stands before a bit field.</summary>
    FieldLeftShift = 4,

    /// <summary>Bits to shift right by after that, to drop what stands behind it.</summary>
    FieldRightShift = 5,

    /// <summary>Id of the type in the object's own BTF.</summary>
    TypeIdLocal = 6,

    /// <summary>Id of the type in the kernel's BTF.</summary>
    TypeIdTarget = 7,

    /// <summary>1 if the type is there, else 0.</summary>
    TypeExists = 8,

    /// <summary>Size of the type, in bytes.</summary>
    TypeSize = 9,

    /// <summary>1 if the enumerator is there, else 0.</summary>
    EnumValueExists = 10,

    /// <summary>Value of the enumerator.</summary>
    EnumValue = 11,

    /// <summary>1 if the type is there with members as the object knows them, else 0.</summary>
    TypeMatches = 12,
}
