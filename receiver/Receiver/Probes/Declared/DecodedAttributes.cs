using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Adds what a decoder made of a value as an attribute, of the type that it has.</summary>
internal static class DecodedAttributes
{
    public static void Attribute<T>(this T item, byte[] name, in DecodedValue value)
        where T : struct, IAttributedItem, allows ref struct
    {
        switch (value.Kind)
        {
            case DecodedKind.None:
                break;
            case DecodedKind.Signed when value.TryGetNumber(out long number):
                item.Attribute(name, number);
                break;
            case DecodedKind.Unsigned when value.TryGetNumber(out long number):
                item.Attribute(name, (ulong)number);
                break;
            case DecodedKind.Boolean when value.TryGetNumber(out long number):
                item.Attribute(name, number != 0);
                break;
            default:
                item.Attribute(name, value.ToString());
                break;
        }
    }
}
