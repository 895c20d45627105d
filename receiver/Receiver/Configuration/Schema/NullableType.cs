using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A value that may be left out, where null means something else than any value.</summary>
internal sealed class NullableType<T>(ConfigurationType<T> type) : ConfigurationType<T?>
    where T : struct
{
    public override string Name => type.Name;

    public override T? Read(ConfigurationNode node, string path, BindingContext context) => type.Read(node, path, context);

    public override void WriteSchema(Utf8JsonWriter writer) => type.WriteSchema(writer);
}
