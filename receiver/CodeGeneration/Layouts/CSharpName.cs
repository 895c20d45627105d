using System.Text;

namespace EbpfReceiver.CodeGeneration;

/// <summary>Makes C# names of C names.</summary>
internal static class CSharpName
{
    /// <summary><c>process_exec</c> and <c>PROCESS_EXEC</c> become ProcessExec.</summary>
    internal static string Of(string name)
    {
        var result = new StringBuilder(name.Length);
        foreach (var word in name.Split('_', StringSplitOptions.RemoveEmptyEntries))
            result.Append(char.ToUpperInvariant(word[0])).Append(word[1..].ToLowerInvariant());
        return char.IsAsciiLetter(result.Length > 0 ? result[0] : '0') ? result.ToString() : "_" + result;
    }

    /// <summary>
    /// An enumerator, without the words of its enum's name that it begins with: of <c>enum tcp_role</c>, TCP_ROLE_CLIENT becomes
    /// Client, of <c>enum tcp_flags</c>, TCP_RESET_SENT becomes ResetSent.
    /// </summary>
    internal static string OfEnumerator(string enumName, string name)
    {
        var rest = name;
        foreach (var word in enumName.Split('_', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = rest.Length > word.Length + 1 ? rest[(word.Length + 1)..] : "";
            if (!rest.StartsWith(word + "_", StringComparison.OrdinalIgnoreCase) || !char.IsAsciiLetter(next[0]))
                break;
            rest = next;
        }
        return Of(rest);
    }
}
