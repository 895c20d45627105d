namespace EbpfReceiver.ProbeLanguage;

/// <summary>The name of a type.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Keyword"><c>struct</c>, <c>union</c>, <c>enum</c>, or empty.</param>
/// <param name="Name">The name: of a struct, a typedef, or of a type of the language (<c>u32</c>, <c>ip4</c>); several words for C's own.</param>
/// <param name="Pointers">How many stars follow.</param>
public sealed record TypeSyntax(TextSpan Span, string Keyword, string Name, int Pointers)
{
    /// <summary>The type as C writes it.</summary>
    public override string ToString() => $"{Keyword}{(Keyword.Length > 0 ? " " : "")}{Name}{(Pointers > 0 ? " " : "")}{new string('*', Pointers)}";
}
