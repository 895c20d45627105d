using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Broken files, expressions and one-liners are refused, and nothing else happens. FUZZ_SECONDS makes the runs longer.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 5_000;

    private static readonly string[] Words =
    [
        "args", ".", "->", "[", "]", "(", ")", "{", "}", "==", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "~", "?", ":", ",", "1", "0x7f",
        "20ms", "\"x\"", "'a'", "comm", "pid", "in", "as", "struct sock", "sizeof", "str", "start", "end", "duration", "retval", "arg0", "@", "@s[tid]",
        "count()", "hist(", "kprobe:vfs_read", "nsecs", ";", "=", "++", "printf(\"%d\\n\", pid)", "if", "else", "$x", "\n", " ", "  - ", ": ", "\u00e9", "\0",
    ];

    [Fact]
    public void Expressions_are_parsed_or_refused() => Run(
        ["args.rq.q.disk == 1 && comm in (\"a\", \"b\")", "as(struct sock, arg0).sk_daddr", "a ? b : c << 3 | ~d"],
        text =>
        {
            try
            {
                ExpressionParser.Parse(text);
            }
            catch (ExpressionSyntaxException e)
            {
                Assert.InRange(e.Span.Start, 0, Math.Max(text.Length, Lexer.MaxLength));
            }
        });

    [Fact]
    public void Files_are_read_or_refused() => Run(
        [
            "version: 1\nprobes:\n  - name: a\n    on: { start: [kprobe:f], end: [kretprobe] }\n    where: pid == 1\n    let: { x: duration }\n"
                + "    emit:\n      - histogram: { name: h, value: x, buckets: [1ms, 2ms], attributes: [comm, { a: { expr: pid, map: {1: x} } }] }\n"
                + "      - log: { body: \"{comm} {pid:hex}\", rate: 5/s }\n",
        ],
        text =>
        {
            ProbeFile? file = ProbeFile.ParseLeniently(text, "fuzz.yaml", out IReadOnlyList<ProbeDiagnostic> diagnostics);
            Assert.True(file is not null || diagnostics.Count > 0);
            foreach (ProbeDiagnostic diagnostic in diagnostics)
                Assert.NotEmpty(diagnostic.ToString());
        });

    [Fact]
    public void What_is_read_is_bound_or_refused()
    {
        TypesTarget target = KernelTypes.Any();
        Run(
            [
                "args.file.f_inode.i_sb.s_dev == 1 && str(args.buf, 8) == \"x\"", "curtask.real_parent.comm == \"x\" || arg2 << 3 > args.count",
                "as(struct sock, arg0).sk_daddr == \"1.2.3.4\" ? *args.pos : (u8)arg1", "in(pid, 1, 2) && startswith(comm, \"a\") && ns.mnt > 0",
            ],
            text =>
            {
                var diagnostics = new DiagnosticBag();
                if (ExpressionReader.Parse(text, default, "where", diagnostics) is not { } where)
                    return;
                ProbeDefinition definition = ProbeBinderTests.Parse("on: { start: [kprobe:vfs_read], end: [kretprobe] }\nemit: [ counter: { name: a } ]") with { Where = where };
                try
                {
                    ProbeBinder.Bind(definition, target);
                }
                catch (ProbeLanguageException e)
                {
                    Assert.NotEmpty(e.Diagnostics);
                }
            });
    }

    [Fact]
    public void One_liners_are_translated_or_refused() => Run(
        [
            "kprobe:vfs_read /comm == \"nginx\"/ { @[pid] = hist(arg2); }",
            "kprobe:f { @start[tid] = nsecs; } kretprobe:f /@start[tid]/ { @ns = hist(nsecs - @start[tid]); delete(@start[tid]); }",
            "t:a:b { if (pid > 1) { printf(\"%s %d\\n\", comm, pid); } else { @x++ } } // end",
        ],
        text =>
        {
            try
            {
                BpftraceImporter.Parse(text);
            }
            catch (ProbeLanguageException e)
            {
                Assert.NotEmpty(e.Diagnostics);
            }
        });

    [Fact]
    public void Policies_are_translated_or_refused() => Run(
        [TetragonImporterTests.FileMonitoring],
        text =>
        {
            try
            {
                TetragonImporter.Parse(text, "policy.yaml");
            }
            catch (ProbeLanguageException e)
            {
                Assert.NotEmpty(e.Diagnostics);
            }
        });

    private static void Run(string[] seeds, Action<string> check)
    {
        // Without a time of its own, the same inputs every time: what a run finds, the next one finds again.
        double? seconds = double.TryParse(Environment.GetEnvironmentVariable("FUZZ_SECONDS"), CultureInfo.InvariantCulture, out double asked) ? asked : null;
        int seed = seconds is null ? 20261130 : Environment.TickCount;
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        for (int round = 0; seconds is { } time ? watch.Elapsed.TotalSeconds < time : round < Rounds; round++)
        {
            string text = Mutate(seeds[random.Next(seeds.Length)], random);
            try
            {
                check(text);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, input {System.Convert.ToHexString(Encoding.UTF8.GetBytes(text))}: {e}");
            }
        }
    }

    private static string Mutate(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (int n = random.Next(1, 8); n > 0; n--)
        {
            int at = random.Next(result.Length + 1);
            switch (random.Next(5))
            {
                case 0 when result.Length > 0:
                    result.Remove(Math.Min(at, result.Length - 1), Math.Min(random.Next(1, 12), result.Length - Math.Min(at, result.Length - 1)));
                    break;
                case 1:
                    result.Insert(at, (char)random.Next(1, 0x250));
                    break;
                case 2 when result.Length > 4:
                    string copied = result.ToString(random.Next(result.Length / 2), result.Length / 3);
                    result.Insert(at, copied);
                    break;
                case 3:
                    result.Insert(at, string.Concat(Enumerable.Repeat(Words[random.Next(Words.Length)], random.Next(1, 200))));
                    break;
                default:
                    result.Insert(at, Words[random.Next(Words.Length)]);
                    break;
            }
        }

        return result.ToString();
    }
}
