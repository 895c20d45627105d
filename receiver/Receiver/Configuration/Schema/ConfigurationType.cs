using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>What a value may be; the part of it that does not depend on the .NET type.</summary>
internal abstract class ConfigurationType
{
    /// <summary>As it stands in the key table of the documentation: "duration", "list of text".</summary>
    public abstract string Name { get; }

    /// <summary>The section's keys where the value is a section, else null.</summary>
    public virtual ISection? Section => null;

    /// <summary>Writes the members of the JSON Schema object that describes the value.</summary>
    public abstract void WriteSchema(Utf8JsonWriter writer);
}
