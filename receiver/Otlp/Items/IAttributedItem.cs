namespace EbpfReceiver.Otlp;

/// <summary>A span, a log record or a data point that is being written and takes attributes (<see cref="AttributeWriting"/>).</summary>
public interface IAttributedItem
{
    internal ProtobufWriter Writer { get; }

    /// <summary>Number of the attributes field in the item's message.</summary>
    internal int AttributesField { get; }
}
