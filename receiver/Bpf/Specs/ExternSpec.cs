namespace EbpfReceiver.Bpf;

/// <summary>Something an object uses and the kernel is to define.</summary>
public sealed class ExternSpec
{
    internal ExternSpec(string name, ExternKind kind, bool isWeak, string typeName, uint typeId, int offset, int size)
    {
        Name = name;
        Kind = kind;
        IsWeak = isWeak;
        TypeName = typeName;
        TypeId = typeId;
        Offset = offset;
        Size = size;
    }

    /// <summary>Name in C.</summary>
    public string Name { get; }

    /// <summary>What it is.</summary>
    public ExternKind Kind { get; }

    /// <summary>
    /// True if the program can do without (<c>__weak</c>): then it reads 0 where the kernel has no such thing, or a function of another
    /// type. A variable of another type is refused all the same.
    /// </summary>
    public bool IsWeak { get; }

    /// <summary>Its type in C, for people.</summary>
    public string TypeName { get; }

    /// <summary>Type of the variable, or prototype of the function, in the object's BTF.</summary>
    internal uint TypeId { get; }

    /// <summary>Of configuration values: bytes into the map .kconfig.</summary>
    internal int Offset { get; }

    /// <summary>Of configuration values: bytes.</summary>
    internal int Size { get; }

    /// <summary>The name as the kernel knows it: without a flavour (<c>___x</c>).</summary>
    internal string KernelName => System.Text.Encoding.UTF8.GetString(EssentialName.Of(System.Text.Encoding.UTF8.GetBytes(Name)));

    /// <inheritdoc/>
    public override string ToString() => $"{TypeName} {Name}";
}
