using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

public sealed class RefusedFileTests
{
    [Theory]
    [InlineData("version: 1\nprobes:\n  - nam: a\n    on: [kprobe:f]\n    emit: [ counter: { name: a } ]", 3, 5, "this key is not known; did you mean name?")]
    [InlineData("version: 2\nprobes: []", 1, 10, "version 2 of the language is not known; this is version 1")]
    [InlineData("name: a\non: [kprobe:f]", 1, 1, "a probe stands in the list probes:, as in \"version: 1\", \"probes:\", \"  - name: ...\"")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    name: b\n    on: [kprobe:f]\n    emit: [ counter: { name: a } ]", 4, 5, "this key is there twice; the first is in line 3")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprob:f]\n    emit: [ counter: { name: a } ]", 4, 10, "\"kprob\" is no kind of hook; did you mean kprobe or uprobe?")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [profile:99]\n    emit: [ counter: { name: a } ]", 4, 10,
        "profile is reserved until there is a profiler; interval:10ms ticks on one CPU, perf:cpu-clock:10000000 on each of them")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [tracepoint:sched_switch]\n    emit: [ counter: { name: a } ]", 4, 10,
        "a tracepoint is written with its category and name: tracepoint:sched:sched_switch")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [perf:cpu-cylces:100]\n    emit: [ counter: { name: a } ]", 4, 10,
        "\"cpu-cylces\" is no perf event; did you mean cpu-cycles?")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: []", 5, 11,
        "a list of emitters is expected, such as \"- counter: { name: my.count }\", and this one is empty")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ counter: { name: a, attributes: { x: min(arg0, 5) } } ]", 5, 58,
        "a \")\" is missing to close min(; within { } and [ ] a comma ends a value, so an expression with one stands in quotes")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kretprobe]\n    emit: [ counter: { name: a } ]", 4, 10,
        "kretprobe needs its function (kretprobe:function); alone it stands only as an end")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ countr: { name: a } ]", 5, 13, "\"countr\" is no kind of emitter; did you mean counter?")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ profile: { name: a } ]", 5, 13, "profile is reserved until there is a profiler")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ sum: { name: a } ]", 5, 18, "the key value is missing: what is added up")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ span: { name: a } ]", 5, 19,
        "a span needs a start and an end: on: { start: [...], end: [...] }; for a single event there is log")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit:\n      - counter:\n        name: a", 7, 9,
        "the keys of counter are to be indented further than counter itself")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    rate: fast\n    emit: [ counter: { name: a } ]", 5, 11,
        "a rate is expected, such as 50/s, 3/m or 20k/s, not \"fast\"")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    missing: ignore\n    emit: [ counter: { name: a } ]", 5, 14,
        "fail, warn or skip is expected, not \"ignore\"")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ counter: { name: a, attributes: { x: { expr: pid, decode: majminor } } } ]", 5, 71,
        "\"majminor\" is no decoder; did you mean majorminor?")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ counter: { name: a, limits: { series: 0 } } ]", 5, 51,
        "a whole number from 1 to 1048576 is expected, not \"0\"")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit:\n      - counter: { name: a, attributes: [comm, pid] }\n      - sum: { name: a, value: arg0, attributes: [pid, comm] }", 7, 14,
        "a with the attributes pid, comm is there already, in line 6, and nothing would tell the two apart; give this one another name or another attribute")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit: [ counter: { name: a }, counter: { name: b }, counter: a ]", 5, 66,
        "a with no attributes is there already, in line 5, and nothing would tell the two apart; give this one another name or another attribute")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit:\n      - counter: { name: a }\n      - histogram: { name: a, value: arg0, attributes: [pid] }", 7, 20,
        "a is a counter or sum in line 6, and a name has one kind; give this one another name")]
    [InlineData("version: 1\nprobes:\n  - name: a\n    on: [kprobe:f]\n    emit:\n      - sum: { name: a, unit: By, value: arg0 }\n      - sum: { name: a, unit: KiBy, value: arg0, attributes: [pid] }", 7, 14,
        "a is in By in line 6, and a name has one unit; give this one another name")]
    [InlineData("a: &x [1]\nb: *x", 2, 4, "the alias *x is not taken: probe files have no anchors and aliases; write the value out")]
    [InlineData("", 0, 0, "the file is empty; a probe file begins with version: 1 and has a list of probes")]
    public void A_mistake_is_named_with_line_and_column(string text, int line, int column, string message)
    {
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(() => ProbeFile.Parse(text, "x.yaml"));
        ProbeDiagnostic first = refused.Diagnostics[0];
        Assert.Equal((message, line, column), (first.Message, first.Location.Line, first.Location.Column));
    }

    [Fact]
    public void Metrics_of_one_name_are_told_apart_by_other_attributes_or_other_constants()
    {
        ProbeFile file = ProbeFile.Parse(
            """
            version: 1
            probes:
              - name: calls
                on: [kretprobe:f]
                emit:
                  - counter: { name: calls, when: retval < 0, attributes: { outcome: '"error"' } }
                  - counter: { name: calls, when: retval >= 0, attributes: { outcome: '"success"' } }
                  - counter: { name: calls, attributes: [pid] }
              - name: other
                on: [kretprobe:g]
                emit: [ counter: { name: calls, attributes: [pid] } ]
            """, "x.yaml");
        Assert.Equal(2, file.Probes.Count);
    }

    [Fact]
    public void All_mistakes_are_found_at_once_and_sound_probes_remain()
    {
        const string Text = """
            version: 1
            probes:
              - name: good
                on: [kprobe:f]
                emit: [ counter: { name: a } ]
              - name: bad
                on: [kprobe:f]
                where: pid ==
                emit: [ counter: { nam: a } ]
            """;
        ProbeFile file = ProbeFile.ParseLeniently(Text, "x.yaml", out IReadOnlyList<ProbeDiagnostic> diagnostics)!;

        Assert.Equal("good", Assert.Single(file.Probes).Name);
        Assert.Equal([8, 9, 9], diagnostics.Select(d => d.Location.Line).Order());
    }
}
