namespace EbpfReceiver.Hosting;

/// <summary>Up to three attributes of a point; those without a key are not there. Keys are UTF-8.</summary>
internal readonly ref struct OwnAttributes(
    ReadOnlySpan<byte> key1 = default,
    string value1 = "",
    ReadOnlySpan<byte> key2 = default,
    string value2 = "",
    ReadOnlySpan<byte> key3 = default,
    string value3 = "")
{
    /// <summary>The first key; empty: there are no attributes.</summary>
    public ReadOnlySpan<byte> Key1 { get; } = key1;

    /// <summary>The second key; empty: there is one attribute at most.</summary>
    public ReadOnlySpan<byte> Key2 { get; } = key2;

    /// <summary>The third key; empty: there are two attributes at most.</summary>
    public ReadOnlySpan<byte> Key3 { get; } = key3;

    /// <summary>The value of the first.</summary>
    public string Value1 { get; } = value1;

    /// <summary>The value of the second.</summary>
    public string Value2 { get; } = value2;

    /// <summary>The value of the third.</summary>
    public string Value3 { get; } = value3;
}
