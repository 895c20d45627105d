using System.Text;

namespace EbpfReceiver.Identity;

/// <summary>
/// Gives one string for what many processes have in common: executables, arguments, cgroups, containers. A fixed number of places: a
/// string whose place is taken displaces the one that was there, so hostile names cost no memory. Safe for any number of threads.
/// </summary>
internal static class Names
{
    private const int Places = 2048;
    private const int LongestKept = 256;

    private static readonly string?[] s_places = new string?[Places];

    /// <summary>The string of a text.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return "";
        if (text.Length > LongestKept) return text.ToString();
        ref string? place = ref s_places[(uint)string.GetHashCode(text) % Places];
        string? kept = Volatile.Read(ref place);
        if (kept is not null && text.SequenceEqual(kept)) return kept;
        string made = text.ToString();
        Volatile.Write(ref place, made);
        return made;
    }

    /// <summary>The string of a text in UTF-8; what is malformed becomes U+FFFD.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestKept) return Encoding.UTF8.GetString(utf8);
        Span<char> text = stackalloc char[LongestKept];
        return Of(text[..Encoding.UTF8.GetChars(utf8, text)]);
    }
}
