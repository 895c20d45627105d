namespace EbpfReceiver.Configuration;

/// <summary>What a value may be, and how it is read.</summary>
internal abstract class ConfigurationType<T> : ConfigurationType
{
    /// <summary>Reads a value; what is wrong is reported to the context, and the result then is of no use.</summary>
    public abstract T Read(ConfigurationNode node, string path, BindingContext context);
}
