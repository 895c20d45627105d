using System.Text.Json;

namespace EbpfReceiver.Doctor;

/// <summary>All checks, and what they mean together.</summary>
internal sealed record DoctorReport(IReadOnlyList<Check> Checks)
{
    /// <summary>Whether a run would observe something: nothing fatal, and a probe that is not failed if probes were tried.</summary>
    public bool CanRun
    {
        get
        {
            Check[] probes = [.. Checks.Where(c => c.Area == "probes")];
            return !Checks.Any(c => c.Fatal) && (probes.Length == 0 || probes.Any(p => p.Outcome != CheckOutcome.No));
        }
    }

    public void WriteText(TextWriter output, bool color)
    {
        int width = Checks.Max(c => c.Name.Length);
        foreach (IGrouping<string, Check> area in Checks.GroupBy(c => c.Area))
        {
            output.WriteLine(color ? $"\e[1m{area.Key}\e[0m" : area.Key);
            foreach (Check check in area)
            {
                (string word, string code) = check.Outcome switch
                {
                    CheckOutcome.Yes => ("yes", "\e[32m"),
                    CheckOutcome.No => ("no", "\e[31m"),
                    _ => ("degraded", "\e[33m"),
                };
                string outcome = word.PadRight(8);
                output.WriteLine($"  {check.Name.PadRight(width)}  {(color ? $"{code}{outcome}\e[0m" : outcome)}  {check.Reason}");
                if (check.Remedy is not null)
                    output.WriteLine($"  {new string(' ', width + 12)}-> {check.Remedy}");
            }
        }

        output.WriteLine();
        output.WriteLine(Verdict());
    }

    public void WriteJson(Stream output)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        writer.WriteStartObject();
        writer.WriteBoolean("can_run", CanRun);
        writer.WriteStartArray("checks");
        foreach (Check check in Checks)
        {
            writer.WriteStartObject();
            writer.WriteString("area", check.Area);
            writer.WriteString("name", check.Name);
            writer.WriteString("outcome", check.Outcome.ToString().ToLowerInvariant());
            writer.WriteString("reason", check.Reason);
            if (check.Remedy is not null)
                writer.WriteString("remedy", check.Remedy);
            if (check.Fatal)
                writer.WriteBoolean("fatal", true);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private string Verdict()
    {
        if (Checks.FirstOrDefault(c => c.Fatal) is { } fatal)
            return $"Nothing would be observed: {fatal.Reason}.";
        Check[] probes = [.. Checks.Where(c => c.Area == "probes")];
        if (!CanRun)
            return "Nothing would be observed: no probe can be attached.";
        int running = probes.Count(p => p.Outcome == CheckOutcome.Yes), degraded = probes.Count(p => p.Outcome == CheckOutcome.Degraded);
        return probes.Length == 0
            ? "The receiver can run here."
            : $"The receiver can run here: {running} of {probes.Length} probes attach fully{(degraded > 0 ? $", {degraded} in part" : "")}.";
    }
}
