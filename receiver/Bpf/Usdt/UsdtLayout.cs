namespace EbpfReceiver.Bpf;

/// <summary>
/// struct __bpf_usdt_spec, by which usdt.bpf.h is told of a site's arguments. Where its fields are is asked of the object's types: with the
/// index registers of libbpf 1.7 an argument grew from 16 to 24 bytes. An object without types has the older layout.
/// </summary>
internal sealed class UsdtLayout
{
    private readonly int _argumentSize;
    private readonly int _argumentsOffset;
    private readonly Dictionary<string, (int Bit, int Width)> _argument;
    private readonly Dictionary<string, (int Bit, int Width)> _specification;

    private UsdtLayout(
        int size, int argumentSize, Dictionary<string, (int Bit, int Width)> argument, Dictionary<string, (int Bit, int Width)> specification)
    {
        Size = size;
        _argumentSize = argumentSize;
        _argument = argument;
        _specification = specification;
        _argumentsOffset = specification.TryGetValue("args", out var arguments) ? arguments.Bit / 8 : 0;
    }

    /// <summary>Bytes of a specification.</summary>
    public int Size { get; }

    /// <summary>Whether the object knows of arguments with an index register.</summary>
    public bool HasIndex => _argument.ContainsKey("idx_reg_off") && (_argument.ContainsKey("scale_bitshift") || _argument.ContainsKey("scale"));

    /// <summary>The layout of an object.</summary>
    /// <param name="types">Its types, or null.</param>
    /// <returns>Null if its types are others than those of usdt.bpf.h.</returns>
    public static UsdtLayout? Of(BtfTypes? types)
    {
        if (types is null || !types.TryFind("__bpf_usdt_spec", BtfKind.Struct, out var specification))
        {
            return new(208, 16,
                new()
                {
                    ["val_off"] = (0, 64),
                    ["arg_type"] = (64, 32),
                    ["reg_off"] = (96, 16),
                    ["arg_signed"] = (112, 8),
                    ["arg_bitshift"] = (120, 8),
                },
                new() { ["args"] = (0, 192 * 8), ["usdt_cookie"] = (1536, 64), ["arg_cnt"] = (1600, 16) });
        }

        if (!types.TryFind("__bpf_usdt_arg_spec", BtfKind.Struct, out var argument))
            return null;
        var (argumentSize, size) = ((int)types.SizeOf(argument), (int)types.SizeOf(specification));
        var (arguments, fields) = (FieldsOf(types, argument), FieldsOf(types, specification));
        var isSound = argumentSize is >= 16 and <= 256 && Has(arguments, argumentSize, "val_off", "arg_type", "reg_off", "arg_signed", "arg_bitshift")
            && Has(fields, size, "args", "usdt_cookie", "arg_cnt")
            && fields["args"] is var (bit, width) && bit % 8 == 0 && width == UsdtArguments.Limit * argumentSize * 8;
        return isSound ? new(size, argumentSize, arguments, fields) : null;
    }

    /// <summary>Writes a specification. Its arguments must be supported.</summary>
    public void Write(IReadOnlyList<UsdtArgument> arguments, ulong cookie, Span<byte> specification)
    {
        specification[..Size].Clear();
        for (var i = 0; i < arguments.Count; i++)
            Write(arguments[i], specification.Slice(_argumentsOffset + i * _argumentSize, _argumentSize));
        SetBits(specification, _specification["usdt_cookie"], cookie);
        SetBits(specification, _specification["arg_cnt"], (ulong)arguments.Count);
    }

    private void Write(in UsdtArgument argument, Span<byte> target)
    {
        SetBits(target, _argument["val_off"], (ulong)argument.Value);
        SetBits(target, _argument["arg_type"], (ulong)argument.Kind);
        SetBits(target, _argument["reg_off"], (ulong)argument.RegisterOffset);
        SetBits(target, _argument["arg_signed"], argument.IsSigned ? 1UL : 0);
        SetBits(target, _argument["arg_bitshift"], (ulong)(64 - 8 * argument.Size));
        if (argument.Kind != UsdtArgumentKind.IndexedMemory || !HasIndex)
            return;
        SetBits(target, _argument["idx_reg_off"], (ulong)argument.IndexRegisterOffset);
        SetBits(target, _argument.TryGetValue("scale_bitshift", out var scale) ? scale : _argument["scale"], (ulong)argument.Scale);
    }

    private static Dictionary<string, (int Bit, int Width)> FieldsOf(BtfTypes types, uint id)
    {
        var fields = new Dictionary<string, (int Bit, int Width)>(StringComparer.Ordinal);
        var type = types.Resolve(id);
        for (var i = 0; i < type.Count; i++)
        {
            var member = type.Member(i);
            var width = member.BitFieldSize != 0 ? member.BitFieldSize : types.SizeOf(member.TypeId) * 8UL;
            fields.TryAdd(member.Name, ((int)member.BitOffset, (int)Math.Min(width, int.MaxValue)));
        }

        return fields;
    }

    /// <summary>Whether all of the fields are there, and all fields within the struct.</summary>
    private static bool Has(Dictionary<string, (int Bit, int Width)> fields, int size, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!fields.ContainsKey(name))
                return false;
        }

        return size is > 0 and <= 1 << 16 && fields.Values.All(f => f.Bit >= 0 && f.Width >= 0 && (long)f.Bit + f.Width <= size * 8L);
    }

    private static void SetBits(Span<byte> target, (int Bit, int Width) field, ulong value)
    {
        for (var i = 0; i < Math.Min(field.Width, 64); i++)
        {
            if ((value >> i & 1) != 0)
                target[(field.Bit + i) / 8] |= (byte)(1 << (field.Bit + i) % 8);
        }
    }
}
