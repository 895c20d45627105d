using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A whole number within bounds.</summary>
internal sealed class IntegerType<T>(T minimum, T maximum)
    : ScalarType<T>("whole number", $"a whole number from {minimum} to {maximum}")
    where T : struct, IBinaryInteger<T>
{
    public override bool TryParse(string text, out T value) =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum;

    public override void WriteSchema(Utf8JsonWriter writer) => WriteNativeOrVariable(writer, w =>
    {
        w.WriteString("type", "integer");
        w.WriteNumber("minimum", long.CreateChecked(minimum));
        w.WriteNumber("maximum", long.CreateChecked(maximum));
    });
}
