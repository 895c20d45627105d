namespace EbpfReceiver.Otlp;

/// <summary>What an attribute's value is.</summary>
internal enum ValueKind : byte
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>UTF-8 text in <see cref="ValueView.Bytes"/>.</summary>
    Text,

    /// <summary><see cref="ValueView.Bool"/>.</summary>
    Bool,

    /// <summary><see cref="ValueView.Int"/>.</summary>
    Int,

    /// <summary><see cref="ValueView.Double"/>.</summary>
    Double,

    /// <summary>An encoded ArrayValue in <see cref="ValueView.Bytes"/>.</summary>
    Array,

    /// <summary>An encoded KeyValueList in <see cref="ValueView.Bytes"/>.</summary>
    List,

    /// <summary>Any bytes in <see cref="ValueView.Bytes"/>.</summary>
    Bytes,
}
