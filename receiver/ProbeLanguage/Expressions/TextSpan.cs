namespace EbpfReceiver.ProbeLanguage;

/// <summary>A part of an expression's text.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">How long it is.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>One past its last unit.</summary>
    public int End => Start + Length;

    /// <summary>From the beginning of one to the end of another.</summary>
    public static TextSpan Between(TextSpan first, TextSpan last) => new(first.Start, Math.Max(0, last.End - first.Start));
}
