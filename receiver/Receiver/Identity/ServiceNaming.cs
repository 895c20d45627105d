using System.Text;

namespace EbpfReceiver.Identity;

/// <summary>
/// What a process says of its service in its environment: <c>OTEL_SERVICE_NAME</c> first, then <c>OTEL_RESOURCE_ATTRIBUTES</c>
/// (comma-separated <c>key=value</c>, values percent-encoded), as the OpenTelemetry SDK specification has it.
/// </summary>
/// <param name="Name">service.name; null if it is not said.</param>
/// <param name="Namespace">service.namespace; null if it is not said.</param>
/// <param name="Version">service.version; null if it is not said.</param>
internal readonly record struct ServiceNaming(string? Name, string? Namespace, string? Version)
{
    /// <summary>Reads it from a NUL-separated environment.</summary>
    public static ServiceNaming FromEnvironment(ReadOnlySpan<byte> environment)
    {
        string? name = null, @namespace = null, version = null;
        if (NulSeparated.TryFind(environment, "OTEL_RESOURCE_ATTRIBUTES="u8, out ReadOnlySpan<byte> list))
        {
            name = Attribute(list, "service.name"u8);
            @namespace = Attribute(list, "service.namespace"u8);
            version = Attribute(list, "service.version"u8);
        }

        if (NulSeparated.TryFind(environment, "OTEL_SERVICE_NAME="u8, out ReadOnlySpan<byte> given) && !given.IsEmpty)
            name = Encoding.UTF8.GetString(given);
        return new ServiceNaming(name, @namespace, version);
    }

    private static string? Attribute(ReadOnlySpan<byte> list, ReadOnlySpan<byte> key)
    {
        foreach (Range range in list.Split((byte)','))
        {
            ReadOnlySpan<byte> pair = list[range].Trim((byte)' ');
            int equals = pair.IndexOf((byte)'=');
            if (equals < 0 || !pair[..equals].TrimEnd((byte)' ').SequenceEqual(key)) continue;
            string value = Uri.UnescapeDataString(Encoding.UTF8.GetString(pair[(equals + 1)..].Trim((byte)' ')));
            return value.Length == 0 ? null : value;
        }

        return null;
    }
}
