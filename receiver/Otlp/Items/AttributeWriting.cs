namespace EbpfReceiver.Otlp;

/// <summary>Adds attributes to what is being written. They may repeat, their keys must not; keys are UTF-8.</summary>
public static class AttributeWriting
{
    /// <summary>Adds an integer attribute.</summary>
    public static void Attribute<T>(this T item, ReadOnlySpan<byte> key, long value)
        where T : struct, IAttributedItem, allows ref struct => AttributeFields.Write(item.Writer, item.AttributesField, key, value);

    /// <summary>Adds an integer attribute; what does not fit in 63 bits is written as <see cref="long.MaxValue"/>.</summary>
    public static void Attribute<T>(this T item, ReadOnlySpan<byte> key, ulong value)
        where T : struct, IAttributedItem, allows ref struct =>
        AttributeFields.Write(item.Writer, item.AttributesField, key, (long)Math.Min(value, long.MaxValue));

    /// <summary>Adds a floating-point attribute.</summary>
    public static void Attribute<T>(this T item, ReadOnlySpan<byte> key, double value)
        where T : struct, IAttributedItem, allows ref struct => AttributeFields.Write(item.Writer, item.AttributesField, key, value);

    /// <summary>Adds a boolean attribute.</summary>
    public static void Attribute<T>(this T item, ReadOnlySpan<byte> key, bool value)
        where T : struct, IAttributedItem, allows ref struct => AttributeFields.Write(item.Writer, item.AttributesField, key, value);

    /// <summary>Adds a string attribute; what is not UTF-8 in the value is replaced by U+FFFD.</summary>
    public static void Attribute<T>(this T item, ReadOnlySpan<byte> key, ReadOnlySpan<byte> utf8)
        where T : struct, IAttributedItem, allows ref struct => AttributeFields.Write(item.Writer, item.AttributesField, key, utf8);

    /// <summary>Adds a string attribute.</summary>
    public static void Attribute<T>(this T item, ReadOnlySpan<byte> key, ReadOnlySpan<char> text)
        where T : struct, IAttributedItem, allows ref struct => AttributeFields.Write(item.Writer, item.AttributesField, key, text);

    /// <summary>Adds a string attribute.</summary>
    public static void Attribute<T>(this T item, ReadOnlySpan<byte> key, string text)
        where T : struct, IAttributedItem, allows ref struct => AttributeFields.Write(item.Writer, item.AttributesField, key, text.AsSpan());

    /// <summary>Adds an array of the strings in <paramref name="nulSeparated"/>, each ended by a NUL; the last need not be.</summary>
    public static void StringArrayAttribute<T>(this T item, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nulSeparated)
        where T : struct, IAttributedItem, allows ref struct =>
        AttributeFields.WriteStrings(item.Writer, item.AttributesField, key, nulSeparated);

    /// <summary>Adds an array of strings.</summary>
    public static void StringArrayAttribute<T>(this T item, ReadOnlySpan<byte> key, ReadOnlySpan<string> values)
        where T : struct, IAttributedItem, allows ref struct => AttributeFields.WriteStrings(item.Writer, item.AttributesField, key, values);
}
