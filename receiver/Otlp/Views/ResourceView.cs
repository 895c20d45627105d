namespace EbpfReceiver.Otlp;

/// <summary>A Resource in request bytes.</summary>
/// <param name="message">An encoded Resource; empty when the items have none.</param>
internal readonly ref struct ResourceView(ReadOnlySpan<byte> message)
{
    /// <summary>The encoded Resource.</summary>
    public ReadOnlySpan<byte> Message { get; } = message;

    /// <summary>Its attributes.</summary>
    public AttributeEnumerator Attributes => new(Message, CommonFields.Resource.Attributes);

    /// <summary>Looks an attribute up.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out ValueView value) => Attributes.TryFind(key, out value);
}
