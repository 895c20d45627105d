using System.Text;

namespace EbpfReceiver.Bpf;

/// <summary>An enumerator: a name and its value.</summary>
public readonly struct BtfEnumerator
{
    private readonly BtfTypes _types;
    private readonly uint _name;

    internal BtfEnumerator(BtfTypes types, uint name, long value)
    {
        _types = types;
        _name = name;
        Value = value;
    }

    /// <summary>The value; of 32-bit enums sign-extended, of unsigned 64-bit enums the same bits.</summary>
    public long Value { get; }

    /// <summary>Name in UTF-8.</summary>
    public ReadOnlySpan<byte> NameUtf8 => _types.StringAt(_name);

    /// <summary>Name.</summary>
    public string Name => Encoding.UTF8.GetString(NameUtf8);
}
