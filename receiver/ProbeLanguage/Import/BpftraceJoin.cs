using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>join(args.argv)</c>: the texts of a list of pointers, which ends with 0, joined by spaces.</summary>
internal static class BpftraceJoin
{
    private const int MaxTexts = 8;

    /// <summary>The same as names for its elements and a printf of them.</summary>
    /// <param name="span">The text of the call.</param>
    /// <param name="when">The conditions around it.</param>
    /// <param name="list">The list.</param>
    public static IEnumerable<BpftraceStatement> Translate(TextSpan span, ExpressionSyntax? when, ExpressionSyntax list)
    {
        var texts = new List<ExpressionSyntax>();
        ExpressionSyntax? previous = null;
        for (int i = 0; i < MaxTexts; i++)
        {
            ExpressionSyntax element = new IndexSyntax(list.Span, list, new NumberSyntax(list.Span, (ulong)i, false));
            // Behind the end is something else: of a program's arguments, its environment.
            ExpressionSyntax address = previous is null ? element : new ConditionalSyntax(list.Span, previous, element, new NumberSyntax(list.Span, 0, false));
            string name = string.Create(CultureInfo.InvariantCulture, $"join#{span.Start}#{i}");
            yield return new BpftraceVariable(span, null, name, address);
            previous = new NameSyntax(list.Span, name);
            texts.Add(new CallSyntax(list.Span, "ustr", list.Span, [previous]));
        }

        yield return new BpftracePrint(span, when, string.Join(' ', Enumerable.Repeat("%s", MaxTexts)), span, texts);
    }
}
