namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary><c>registry_manifest.yaml</c>: which registry this is, and on which version of the conventions it stands.</summary>
internal static class RegistryManifest
{
    public static string ReadSchemaUrl(string path)
    {
        var manifest = new YamlMap(YamlMap.Load(path), path, "name", "description", "semconv_version", "schema_base_url");
        return manifest.Required("schema_base_url").TrimEnd('/') + "/" + manifest.Required("semconv_version");
    }
}
