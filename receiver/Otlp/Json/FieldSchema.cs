using System.Text.Json;

namespace EbpfReceiver.Otlp;

/// <summary>One field of a message, as JSON is written and read by it.</summary>
internal sealed class FieldSchema(
    int number, string name, FieldKind kind, bool repeated, WireType wireType, MessageSchema? message, EnumNames? names)
{
    public readonly int Number = number;
    public readonly JsonEncodedText Name = JsonEncodedText.Encode(name);
    public readonly FieldKind Kind = kind;
    public readonly bool Repeated = repeated;

    /// <summary>How a single value is encoded; repeated numbers may also be packed.</summary>
    public readonly WireType WireType = wireType;

    /// <summary>The schema of a message field.</summary>
    public readonly MessageSchema? Message = message;

    /// <summary>The names of an enum's values; null for everything else.</summary>
    public readonly EnumNames? Names = names;

    public bool MayBePacked => Repeated && WireType != WireType.Length;
}
