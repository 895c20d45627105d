namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>limits</c> and <c>budget</c>.</summary>
internal static class LimitsReader
{
    public static LimitsDefinition Read(FieldReader parent, bool ofProbe)
    {
        if (parent.Node("limits") is not { } node)
            return LimitsDefinition.None;
        string[] known = ofProbe ? ["series", "ttl", "pairs"] : ["series", "ttl"];
        if (FieldReader.Open(node, parent.PathOf("limits"), parent.Diagnostics, "limits", known) is not { } fields)
            return LimitsDefinition.None;
        return new(
            fields.Integer("series", 1, LimitsDefinition.Most),
            QuantityReader.Time(fields, "ttl", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
            ofProbe ? fields.Integer("pairs", 1, LimitsDefinition.Most) : null);
    }

    public static BudgetDefinition ReadBudget(FieldReader parent)
    {
        if (parent.Node("budget") is not { } node
            || FieldReader.Open(node, parent.PathOf("budget"), parent.Diagnostics, "budget", "cpu", "events") is not { } fields)
        {
            return BudgetDefinition.None;
        }

        return new(QuantityReader.Share(fields, "cpu"), QuantityReader.Rate(fields, "events"));
    }
}
