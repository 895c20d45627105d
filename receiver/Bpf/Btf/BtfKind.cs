namespace EbpfReceiver.Bpf;

/// <summary>The kinds of type that BTF describes.</summary>
/// <remarks>Source: BTF_KIND_*, include/uapi/linux/btf.h.</remarks>
public enum BtfKind
{
    /// <summary>void, type id 0; or no type.</summary>
    Void = 0,

    /// <summary>An integer, bool or char.</summary>
    Int = 1,

    /// <summary>A pointer.</summary>
    Pointer = 2,

    /// <summary>An array with a fixed number of elements.</summary>
    Array = 3,

    /// <summary>A struct.</summary>
    Struct = 4,

    /// <summary>A union.</summary>
    Union = 5,

    /// <summary>An enum of 32-bit values.</summary>
    Enum = 6,

    /// <summary>A struct or union that is declared and not defined.</summary>
    Forward = 7,

    /// <summary>A typedef.</summary>
    Typedef = 8,

    /// <summary>volatile.</summary>
    Volatile = 9,

    /// <summary>const.</summary>
    Const = 10,

    /// <summary>restrict.</summary>
    Restrict = 11,

    /// <summary>A function; its type is a <see cref="FunctionPrototype"/>.</summary>
    Function = 12,

    /// <summary>Parameters and result of a function.</summary>
    FunctionPrototype = 13,

    /// <summary>A global variable.</summary>
    Variable = 14,

    /// <summary>A section with the variables in it.</summary>
    DataSection = 15,

    /// <summary>A floating-point number (kernels since 5.13).</summary>
    Float = 16,

    /// <summary>An attribute of a declaration (kernels since 5.16).</summary>
    DeclarationTag = 17,

    /// <summary>An attribute of a type (kernels since 5.17).</summary>
    TypeTag = 18,

    /// <summary>An enum of 64-bit values (kernels since 6.0).</summary>
    Enum64 = 19,
}
