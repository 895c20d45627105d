using System.Text;

namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>Names of the registry as names of C#.</summary>
internal static class CSharpName
{
    /// <summary><c>dns.question.name</c> and <c>tcp connect</c> become <c>DnsQuestionName</c> and <c>TcpConnect</c>.</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder(name.Length);
        bool upper = true;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                upper = true;
                continue;
            }

            text.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = false;
        }

        return text.ToString();
    }
}
