using System.Globalization;

namespace EbpfReceiver.Configuration;

/// <summary>
/// The variables of the OTLP exporter and SDK specifications, for keys that the configuration leaves open. A variable of one signal goes
/// before the general one; an empty variable is one that is not set.
/// </summary>
/// <param name="variable">Gives environment variables.</param>
/// <param name="context">Takes what is wrong with them.</param>
/// <param name="addExporter">Whether an endpoint in the environment alone makes an exporter run: only where no file says what runs.</param>
internal sealed class OtlpEnvironment(Func<string, string?> variable, BindingContext context, bool addExporter)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private static readonly string[] s_signals = ["traces", "metrics", "logs", "profiles"];

    private static readonly (string Key, string Variable)[] s_tls =
        [("ca_file", "CERTIFICATE"), ("cert_file", "CLIENT_CERTIFICATE"), ("key_file", "CLIENT_KEY"), ("insecure", "INSECURE")];

    /// <summary>Adds what the variables say below what the document says.</summary>
    public MapNode Complete(MapNode document)
    {
        var root = new List<MapEntry>();
        var exporters = document.Find("exporters") as MapNode;
        bool usesGrpc = UsesGrpc(Read(Prefix + "PROTOCOL"), Prefix + "PROTOCOL", otherwise: !Names(exporters, "otlp_http") || Names(exporters, "otlp"));

        var named = new List<MapEntry>();
        foreach (bool grpc in new[] { true, false })
        {
            string name = grpc ? "otlp" : "otlp_http";
            bool wanted = addExporter && HasEndpoint(grpc, usesGrpc);
            if (!Names(exporters, name) && (!wanted || IsRefused(exporters, name)))
                continue;
            MapNode values = Exporter(exporters?.Find(name) as MapNode, grpc, usesGrpc, byEnvironment: wanted && !Names(exporters, name));
            named.Add(new MapEntry(name, values.Location, values));
        }

        Add(root, "exporters", named);
        Add(root, "metrics", Metrics());
        Add(root, "resource", Resource());
        return ConfigurationMerge.Merge(new MapNode(new("environment"), root), document);
    }

    private List<MapEntry> Metrics()
    {
        var entries = new List<MapEntry>();
        AddMilliseconds(entries, "interval", "OTEL_METRIC_EXPORT_INTERVAL");
        if (Read("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE") is { } preference)
        {
            // Low memory means delta for what we send: counters and histograms.
            string word = preference.Equals("lowmemory", StringComparison.OrdinalIgnoreCase) ? "delta" : preference;
            entries.Add(Scalar("temporality", word, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"));
        }

        return entries;
    }

    private List<MapEntry> Resource()
    {
        var entries = new List<MapEntry>();
        string? serviceName = Read("OTEL_SERVICE_NAME");
        string serviceSource = "OTEL_SERVICE_NAME";
        if (Read("OTEL_RESOURCE_ATTRIBUTES") is { } text)
        {
            var attributes = new List<MapEntry>();
            foreach (MapEntry attribute in Pairs(text, "OTEL_RESOURCE_ATTRIBUTES", "resource.attributes"))
            {
                // The receiver's own name is not the name of what it observes.
                if (attribute.Key != "service.name")
                    attributes.Add(attribute);
                else if (serviceName is null)
                    (serviceName, serviceSource) = (((ScalarNode)attribute.Value).Text, "OTEL_RESOURCE_ATTRIBUTES");
            }

            Add(entries, "attributes", attributes);
        }

        if (serviceName is not null)
            entries.Add(Scalar("service_name", serviceName, serviceSource));
        return entries;
    }

    private MapNode Exporter(MapNode? written, bool grpc, bool usesGrpc, bool byEnvironment)
    {
        List<MapEntry> entries = Common(Prefix, written, withEndpoint: byEnvironment || grpc == usesGrpc);
        if (written?.Find("tls") is null)
            Add(entries, "tls", Tls(Prefix));
        foreach (string signal in s_signals)
        {
            string prefix = $"{Prefix}{signal.ToUpperInvariant()}_";
            bool signalUsesGrpc = UsesGrpc(Read(prefix + "PROTOCOL"), prefix + "PROTOCOL", usesGrpc);
            List<MapEntry> own = Common(prefix, written, withEndpoint: grpc == signalUsesGrpc);
            if (byEnvironment && grpc != signalUsesGrpc)
                own.Add(Scalar("enabled", "false", prefix + "PROTOCOL"));
            if (written?.Find("tls") is null && HasTls(prefix))
                Add(own, "tls", Tls(prefix));
            Add(entries, signal, own);
        }

        return new MapNode(new("environment"), entries);
    }

    // What is written for the exporter as a whole wins over the variables of a signal too.
    private List<MapEntry> Common(string prefix, MapNode? written, bool withEndpoint)
    {
        var entries = new List<MapEntry>();
        if (withEndpoint && Read(prefix + "ENDPOINT") is { } endpoint)
            entries.Add(Scalar("endpoint", endpoint, prefix + "ENDPOINT"));
        if (Read(prefix + "COMPRESSION") is { } compression)
            entries.Add(Scalar("compression", compression, prefix + "COMPRESSION"));
        if (Read(prefix + "HEADERS") is { } headers)
            entries.Add(new MapEntry("headers", new(prefix + "HEADERS"), new MapNode(new(prefix + "HEADERS"), Pairs(headers, prefix + "HEADERS", "headers"))));
        AddMilliseconds(entries, "timeout", prefix + "TIMEOUT");
        entries.RemoveAll(entry => written?.Find(entry.Key) is not null);
        return entries;
    }

    private bool HasTls(string prefix) => s_tls.Any(setting => Read(prefix + setting.Variable) is not null);

    // What a signal does not have of its own is that of all.
    private List<MapEntry> Tls(string prefix)
    {
        var entries = new List<MapEntry>();
        foreach ((string key, string name) in s_tls)
        {
            string source = Read(prefix + name) is null ? Prefix : prefix;
            if (Read(source + name) is { } value)
                entries.Add(Scalar(key, value, source + name));
        }

        return entries;
    }

    private bool HasEndpoint(bool grpc, bool usesGrpc)
    {
        if (grpc == usesGrpc && Read(Prefix + "ENDPOINT") is not null)
            return true;
        foreach (string signal in s_signals)
        {
            string prefix = $"{Prefix}{signal.ToUpperInvariant()}_";
            bool general = Read(Prefix + "ENDPOINT") is not null;
            if (Read(prefix + "ENDPOINT") is null && !(general && Read(prefix + "PROTOCOL") is not null))
                continue;
            if (grpc == UsesGrpc(Read(prefix + "PROTOCOL"), prefix + "PROTOCOL", usesGrpc))
                return true;
        }

        return false;
    }

    private bool UsesGrpc(string? protocol, string name, bool otherwise)
    {
        switch (protocol)
        {
            case null:
                return otherwise;
            case "grpc":
                return true;
            case "http/protobuf":
                return false;
            default:
                var error = new ConfigurationError(new(name), "", $"expected grpc or http/protobuf, found \"{protocol}\"");
                if (!context.Errors.Contains(error))
                    context.Errors.Add(error);
                return otherwise;
        }
    }

    /// <summary>Pairs as W3C Baggage has them: <c>key=value,key2=value2</c>, percent-encoded.</summary>
    private List<MapEntry> Pairs(string text, string name, string key)
    {
        var location = new ConfigurationLocation(name);
        var entries = new List<MapEntry>();
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=');
            if (equals <= 0)
            {
                // The pair itself may be a secret; its position says enough.
                context.Report(location, key, $"expected key=value pairs with commas between them; pair {entries.Count + 1} has no key or no =");
                continue;
            }

            string pairKey = Uri.UnescapeDataString(pair[..equals].Trim());
            entries.RemoveAll(entry => entry.Key == pairKey);
            entries.Add(new MapEntry(pairKey, location, new ScalarNode(location, Uri.UnescapeDataString(pair[(equals + 1)..].Trim()), true)));
        }

        return entries;
    }

    private void AddMilliseconds(List<MapEntry> entries, string key, string name)
    {
        if (Read(name) is not { } text)
            return;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            entries.Add(Scalar(key, text + "ms", name));
        else
            context.Report(new(name), key, $"expected a number of milliseconds, found \"{text}\"");
    }

    private string? Read(string name) => variable(name) is { Length: > 0 } value ? value : null;

    private static bool Names(MapNode? exporters, string name) => exporters?.Find(name) is { } node && !IsFalse(node);

    private static bool IsRefused(MapNode? exporters, string name) => exporters?.Find(name) is { } node && IsFalse(node);

    private static bool IsFalse(ConfigurationNode node) => node is ScalarNode { Quoted: false, Text: "false" };

    private static MapEntry Scalar(string key, string text, string name)
    {
        var location = new ConfigurationLocation(name);
        return new MapEntry(key, location, new ScalarNode(location, text, true));
    }

    private static void Add(List<MapEntry> entries, string key, List<MapEntry> values)
    {
        var location = new ConfigurationLocation("environment");
        if (values.Count > 0)
            entries.Add(new MapEntry(key, location, new MapNode(location, values)));
    }
}
