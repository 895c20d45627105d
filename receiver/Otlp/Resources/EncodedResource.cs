namespace EbpfReceiver.Otlp;

/// <summary>
/// The bytes of a Resource message, made once and used in many requests. Items whose resources are the same instance
/// share one entry of a request.
/// </summary>
/// <remarks>Whoever keeps the bytes keeps those of one moment; the instance may be given others (<see cref="Become"/>).</remarks>
public sealed class EncodedResource
{
    private volatile byte[] _bytes;

    internal EncodedResource(byte[] bytes) => _bytes = bytes;

    /// <summary>A resource without attributes.</summary>
    public static EncodedResource Empty { get; } = new([]);

    /// <summary>The encoded <c>opentelemetry.proto.resource.v1.Resource</c>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Takes the attributes of another: for resources that many hold, when what is configured for all of them changes.</summary>
    public void Become(EncodedResource other) => _bytes = other._bytes;
}
