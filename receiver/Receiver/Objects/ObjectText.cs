using System.Globalization;
using EbpfReceiver.Bpf;
using Spectre.Console;

namespace EbpfReceiver.Objects;

/// <summary>A report for people to read.</summary>
internal static class ObjectText
{
    /// <param name="report">The report.</param>
    /// <param name="console">Where to; with or without colours.</param>
    public static void Write(ObjectReport report, IAnsiConsole console)
    {
        foreach (ProgramReport program in report.Programs)
            Write(program, console);
        if (report.Maps.Count > 0)
            console.Write(Maps(report));
        if (report.Externs.Count > 0)
            console.Write(Externs(report));
        if (report.Error is { } error)
            console.MarkupLineInterpolated($"[red]refused[/]  {error}");
    }

    /// <summary>What an extern is, in a word.</summary>
    public static string KindOf(ExternSpec wanted) => wanted.Kind switch
    {
        ExternKind.Configuration => "kconfig",
        ExternKind.Function => "kfunc",
        _ => "ksym",
    };

    private static void Write(ProgramReport program, IAnsiConsole console)
    {
        int own = program.Spec.InstructionCount;
        int all = (program.Instructions?.Length ?? 0) / 8;
        string size = all > own ? $"{all} instructions, {own} of its own" : $"{own} instructions";
        string target = program.Spec.AttachTarget.Length > 0 ? $" at {program.Spec.AttachTarget}" : "";
        console.MarkupLineInterpolated(
            $"[bold]{program.Spec.Name}[/]  {program.Spec.SectionName}  [dim]{KernelNames.Of(program.Spec.Type)}{target}, {size}[/]");
        if (program.Relocations.Count > 0)
        {
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "", "", "");
            table.Columns[0].Padding(2, 2).NoWrap();
            table.Columns[2].NoWrap();
            foreach (RelocationResult relocation in program.Relocations)
            {
                string result = RelocationText.Result(relocation);
                string color = relocation.IsRefused ? "red" : relocation.IsPoisoned ? "yellow" : "default";
                table.AddRow(
                    Markup.Escape(KernelNames.Of(relocation.Kind)),
                    Markup.Escape(relocation.Subject),
                    $"[{color}]{Markup.Escape(relocation.Problem is null ? result : result[..result.IndexOf(':')])}[/]",
                    $"[dim]{Markup.Escape(relocation.Problem ?? relocation.Source ?? "")}[/]");
            }

            console.Write(table);
        }

        if (program.Error is { } error)
            console.MarkupLineInterpolated($"  [red]refused[/]  {error}");
        else if (program.Loaded == true)
            console.MarkupLineInterpolated($"  [green]loaded[/]{Verified(program)}");
        console.WriteLine();
    }

    private static string Verified(ProgramReport program) => program.VerifiedInstructions > 0
        ? string.Create(CultureInfo.InvariantCulture, $"   the verifier went through {program.VerifiedInstructions} instructions")
        : "";

    private static Table Maps(ObjectReport report)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("map", "type", "key", "value", "entries", "flags");
        for (int i = 2; i < 6; i++)
            table.Columns[i].RightAligned();
        foreach (MapSpec map in report.Maps)
        {
            table.AddRow(
                $"[bold]{Markup.Escape(map.Name)}[/]", KernelNames.Of(map.Type), $"{map.KeySize} B", $"{map.ValueSize} B",
                map.MaxEntries.ToString(CultureInfo.InvariantCulture), map.Flags == 0 ? "" : $"0x{map.Flags:x}");
        }

        return table;
    }

    private static Table Externs(ObjectReport report)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("extern", "kind", "type");
        foreach (ExternSpec wanted in report.Externs)
        {
            table.AddRow(
                $"[bold]{Markup.Escape(wanted.Name)}[/]", KindOf(wanted) + (wanted.IsWeak ? ", weak" : ""), Markup.Escape(wanted.TypeName));
        }

        return table;
    }
}
