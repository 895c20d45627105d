namespace EbpfReceiver.ProbeLanguage;

/// <summary>Whether a string begins with, ends with or contains a literal.</summary>
/// <param name="Test">The question.</param>
/// <param name="Text">The string.</param>
/// <param name="Literal">The literal, in UTF-8; for <see cref="TextTest.EndsWith"/> and <see cref="TextTest.Contains"/> at most
/// <see cref="LongestSearch"/> bytes.</param>
public sealed record TextTestExpression(TextTest Test, TypedExpression Text, string Literal) : TypedExpression(ProbeType.Boolean)
{
    /// <summary>Bytes of the longest literal that can be searched for.</summary>
    public const int LongestSearch = 16;
}
