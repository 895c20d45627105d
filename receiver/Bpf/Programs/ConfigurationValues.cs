using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>Fills the map .kconfig with the values that an object's externs ask for.</summary>
internal static class ConfigurationValues
{
    private const string TristateName = "libbpf_tristate";

    /// <param name="spec">The object.</param>
    /// <param name="size">Bytes of the map.</param>
    /// <param name="configuration">Gives the kernel's configuration, or null if there is none; asked only when it is needed.</param>
    /// <param name="ofMachine">Gives the value of a name that begins with LINUX_; null if it is not known.</param>
    /// <exception cref="BpfException">A value that is not weak can't be had, or does not fit its variable.</exception>
    internal static byte[] Fill(BpfObjectSpec spec, uint size, Func<KernelConfiguration?> configuration, Func<string, ulong?> ofMachine)
    {
        var values = new byte[size];
        foreach (var wanted in spec.Externs)
        {
            if (wanted.Kind != ExternKind.Configuration)
                continue;
            var place = values.AsSpan(wanted.Offset, wanted.Size);
            if (wanted.Name.StartsWith("LINUX_", StringComparison.Ordinal))
            {
                if (ofMachine(wanted.Name) is { } number)
                    WriteNumber(spec, wanted, place, number.ToString(CultureInfo.InvariantCulture));
                else if (!wanted.IsWeak)
                    throw Refuse(spec, wanted, "is a name that this loader does not know");
                continue;
            }
            if (configuration() is { } kernel && kernel.TryGet(wanted.Name, out var value))
                Write(spec, wanted, place, value);
            else if (!wanted.IsWeak)
                throw Refuse(spec, wanted, configuration() is { } known
                    ? $"is not in the kernel's configuration ({known.Source}); declare it __weak if the program can do without"
                    : "is asked of the kernel's configuration, which is neither in /proc/config.gz nor in /boot");
        }
        return values;
    }

    private static void Write(BpfObjectSpec spec, ExternSpec wanted, Span<byte> place, string value)
    {
        if (value is "y" or "n" or "m")
            WriteChoice(spec, wanted, place, value[0]);
        else if (value.StartsWith('"'))
            WriteText(spec, wanted, place, value);
        else
            WriteNumber(spec, wanted, place, value);
    }

    private static void WriteChoice(BpfObjectSpec spec, ExternSpec wanted, Span<byte> place, char value)
    {
        var type = spec.Types!.Resolve(wanted.TypeId);
        if (type.Kind == BtfKind.Int && type.Size == 1)
            place[0] = !type.Integer.IsBool ? (byte)value : value != 'm' ? (byte)(value == 'y' ? 1 : 0) : throw Unfit(spec, wanted, "m");
        else if (type.Kind == BtfKind.Enum && type.Size == 4 && type.NameUtf8.SequenceEqual("libbpf_tristate"u8))
            BinaryPrimitives.WriteInt32LittleEndian(place, value switch { 'y' => 1, 'm' => 2, _ => 0 });
        else
            throw Unfit(spec, wanted, value.ToString());
    }

    private static void WriteText(BpfObjectSpec spec, ExternSpec wanted, Span<byte> place, string value)
    {
        var type = spec.Types!.Resolve(wanted.TypeId);
        if (type.Kind != BtfKind.Array || spec.Types.Resolve(type.Array.ElementTypeId) is not { Kind: BtfKind.Int, Size: 1 }
            || value.Length < 2 || !value.EndsWith('"'))
        {
            throw Unfit(spec, wanted, value);
        }
        // What does not fit is cut, and the text always ends with a zero.
        var text = Encoding.UTF8.GetBytes(value[1..^1]);
        text.AsSpan(0, Math.Min(text.Length, place.Length - 1)).CopyTo(place);
    }

    private static void WriteNumber(BpfObjectSpec spec, ExternSpec wanted, Span<byte> place, string value)
    {
        var type = spec.Types!.Resolve(wanted.TypeId);
        if (type.Kind != BtfKind.Int || type.Size is not (1 or 2 or 4 or 8) || !TryParse(value, out var number))
            throw Unfit(spec, wanted, value);
        var bits = (int)type.Size * 8;
        var fits = bits == 64 || (type.Integer.IsSigned
            ? (Int128)(long)number >= -((Int128)1 << (bits - 1)) && (Int128)(long)number < (Int128)1 << (bits - 1)
            : number < 1UL << bits);
        if (!fits)
            throw Unfit(spec, wanted, value);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        bytes[..place.Length].CopyTo(place);
    }

    private static bool TryParse(string value, out ulong number)
    {
        var negative = value.StartsWith('-');
        var digits = negative ? value.AsSpan(1) : value;
        var parsed = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        if (negative)
            number = unchecked(0 - number);
        return parsed;
    }

    private static BpfException Unfit(BpfObjectSpec spec, ExternSpec wanted, string value) =>
        Refuse(spec, wanted, $"is {value} on this kernel, which a variable of type {wanted.TypeName} can't hold"
            + (spec.Types!.Resolve(wanted.TypeId).Kind == BtfKind.Enum ? $" (enum {TristateName} can hold y, m and n)" : ""));

    private static BpfException Refuse(BpfObjectSpec spec, ExternSpec wanted, string why) =>
        new($"The configuration value {wanted.Name} of {spec.Name} {why}.");
}
