using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>Builds Resource messages. Reusable after <see cref="Reset"/>; not thread-safe. Keys must not repeat.</summary>
public sealed class ResourceEncoder : IDisposable
{
    private const int Field = CommonFields.Resource.Attributes;
    private readonly ProtobufWriter _writer = new(1024);

    /// <summary>Adds a string attribute.</summary>
    public ResourceEncoder Add(string key, string value) => Add(Encoding.UTF8.GetBytes(key), value);

    /// <summary>Adds an integer attribute.</summary>
    public ResourceEncoder Add(string key, long value) => Add(Encoding.UTF8.GetBytes(key), value);

    /// <summary>Adds a boolean attribute.</summary>
    public ResourceEncoder Add(string key, bool value) => Add(Encoding.UTF8.GetBytes(key), value);

    /// <summary>Adds a floating-point attribute.</summary>
    public ResourceEncoder Add(string key, double value) => Add(Encoding.UTF8.GetBytes(key), value);

    /// <summary>Adds an attribute that is an array of strings.</summary>
    public ResourceEncoder Add(string key, string[] values)
    {
        AttributeFields.WriteStrings(_writer, Field, Encoding.UTF8.GetBytes(key), values.AsSpan());
        return this;
    }

    /// <summary>Adds a string attribute; the key is UTF-8.</summary>
    public ResourceEncoder Add(ReadOnlySpan<byte> key, string value)
    {
        AttributeFields.Write(_writer, Field, key, value.AsSpan());
        return this;
    }

    /// <summary>Adds a string attribute; what is not UTF-8 in the value is replaced by U+FFFD.</summary>
    public ResourceEncoder Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> utf8)
    {
        AttributeFields.Write(_writer, Field, key, utf8);
        return this;
    }

    /// <summary>Adds an integer attribute; the key is UTF-8.</summary>
    public ResourceEncoder Add(ReadOnlySpan<byte> key, long value)
    {
        AttributeFields.Write(_writer, Field, key, value);
        return this;
    }

    /// <summary>Adds a boolean attribute; the key is UTF-8.</summary>
    public ResourceEncoder Add(ReadOnlySpan<byte> key, bool value)
    {
        AttributeFields.Write(_writer, Field, key, value);
        return this;
    }

    /// <summary>Adds a floating-point attribute; the key is UTF-8.</summary>
    public ResourceEncoder Add(ReadOnlySpan<byte> key, double value)
    {
        AttributeFields.Write(_writer, Field, key, value);
        return this;
    }

    /// <summary>Adds an attribute that is an array of the strings in <paramref name="nulSeparated"/>, each ended by a NUL.</summary>
    public ResourceEncoder AddStrings(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nulSeparated)
    {
        AttributeFields.WriteStrings(_writer, Field, key, nulSeparated);
        return this;
    }

    /// <summary>Adds all attributes of another resource, such as the host's.</summary>
    public ResourceEncoder Add(EncodedResource resource)
    {
        _writer.WriteRaw(resource.Bytes.Span);
        return this;
    }

    /// <summary>The resource as it is now; the encoder can go on.</summary>
    public EncodedResource Build() => new(_writer.Written.ToArray());

    /// <summary>Forgets all attributes.</summary>
    public ResourceEncoder Reset()
    {
        _writer.Position = 0;
        return this;
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
