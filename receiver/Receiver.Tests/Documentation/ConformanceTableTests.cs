using System.Text.RegularExpressions;
using EbpfReceiver.Tests.Services;

namespace EbpfReceiver.Tests.Documentation;

/// <summary>docs/conformance.md promises tests; they are there, in the sources of all test projects.</summary>
public partial class ConformanceTableTests
{
    [Fact]
    public void Every_test_that_the_table_names_exists()
    {
        HashSet<string> tests = Tests();
        Assert.InRange(tests.Count, 500, 100_000);
        Assert.Empty(Rows().SelectMany(row => row.Tests.Where(test => !tests.Contains(test)).Select(test => $"{row.Id}: {test}")));
    }

    [Fact]
    public void What_is_said_to_hold_names_a_test_and_what_does_not_says_why()
    {
        List<Row> rows = Rows();
        Assert.InRange(rows.Count, 50, 500);
        Assert.Equal(rows.Select(row => row.Id).Distinct(), rows.Select(row => row.Id));
        Assert.All(rows, row =>
        {
            Assert.Contains(row.Who, (string[])["client", "server", "both"]);
            Assert.Contains(row.Level, (string[])["", "MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY"]);
            if (row.State == "holds") Assert.NotEmpty(row.Tests);
            else Assert.Matches("^(deviates: .{10,}|does not apply(: .{5,})?)$", row.State);
        });
    }

    private static List<Row> Rows()
    {
        var rows = new List<Row>();
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "docs", "conformance.md")))
        {
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            if (cells.Length == 8 && RowId().IsMatch(cells[1]))
                rows.Add(new Row(cells[1], cells[2], cells[3], cells[5], [.. Quoted().Matches(cells[6]).Select(m => m.Groups[1].Value)]));
        }

        return rows;
    }

    /// <summary>Class.Method of every fact and theory, as the sources have them.</summary>
    private static HashSet<string> Tests()
    {
        var tests = new HashSet<string>();
        IEnumerable<string> files = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "receiver"), "*.Tests")
            .Append(Path.Combine(Repository.Root, "integration-tests"))
            .SelectMany(directory => Directory.EnumerateFiles(directory, "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
        foreach (string file in files)
        {
            string text = File.ReadAllText(file);
            if (ClassName().Match(text) is not { Success: true } type) continue;
            foreach (Match method in TestMethod().Matches(text)) tests.Add($"{type.Groups[1].Value}.{method.Groups[1].Value}");
        }

        return tests;
    }

    [GeneratedRegex("^[A-Z][0-9]+$")]
    private static partial Regex RowId();

    [GeneratedRegex("`([A-Za-z0-9]+\\.[A-Za-z0-9_]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^public (?:sealed |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\]]*\][\s\S]*?public (?:async )?(?:void|Task|ValueTask) (\w+)\(")]
    private static partial Regex TestMethod();

    private sealed record Row(string Id, string Who, string Level, string State, string[] Tests);
}
