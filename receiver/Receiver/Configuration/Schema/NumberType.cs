using System.Globalization;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A number within bounds.</summary>
internal sealed class NumberType(double minimum, double maximum)
    : ScalarType<double>("number", string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"))
{
    public override bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && value >= minimum && value <= maximum;

    public override void WriteSchema(Utf8JsonWriter writer) => WriteNativeOrVariable(writer, w =>
    {
        w.WriteString("type", "number");
        w.WriteNumber("minimum", minimum);
        w.WriteNumber("maximum", maximum);
    });
}
