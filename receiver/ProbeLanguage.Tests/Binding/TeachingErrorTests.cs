using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>What a person reads who made a mistake; whole messages, for they are the interface.</summary>
public sealed class TeachingErrorTests
{
    [Theory]
    [InlineData("kprobe:vfs_read", "args.file.f_inod.i_ino > 0", 10, "struct file has no field f_inod; did you mean f_inode?")]
    [InlineData("kprobe:vfs_read", "args.cuont > 0", 5, "vfs_read has no argument cuont; did you mean count?")]
    [InlineData("kprobe:vfs_read", "count > 1", 0, "\"count\" is not known; the argument is args.count")]
    [InlineData("kprobe:vfs_read", "args.count == \"x\"", 0, "size_t is compared with a text; if it points to one, str(...) reads it")]
    [InlineData("kprobe:vfs_read", "comm > \"nginx\"", 5, "texts are compared with == and != only")]
    [InlineData("kprobe:vfs_read", "comm == \"a-very-long-thread-name\"", 8,
        "comm holds 15 bytes, and \"a-very-long-thread-name\" has 23: it can never be equal; compare with \"a-very-long-thr\"")]
    [InlineData("kprobe:vfs_read", "retval < 0", 0, "a kprobe is at the entry of a function, which has no result yet; take kretprobe:vfs_read")]
    [InlineData("kretprobe:vfs_read", "args.count > 0", 5,
        "a kretprobe is at the return of a function, where its arguments are gone; take fexit:vfs_read, or a pair with start: kprobe:vfs_read and start.args.count")]
    [InlineData("kprobe:tcp_connect", "args.sk.sk_dport == 80", 0, "this is in network order (__be16); write ntohs(...) to compare it with a number")]
    [InlineData("kprobe:tcp_connect", "args.sk.sk_daddr == \"10.0.0.300\"", 20, "\"10.0.0.300\" is no IP address")]
    [InlineData("kprobe:tcp_connect", "arg1 > 0", 0, "tcp_connect has 1 argument, the first of which is arg0; it has sk")]
    [InlineData("kprobe:vfs_read", "duration > 1ms", 0,
        "duration is the time from start to end, and this probe has one event; it needs on: { start: [...], end: [...] }")]
    [InlineData("kprobe:vfs_read", "args.count / 0 == 1", 13, "this divides by 0")]
    [InlineData("kprobe:vfs_read", "args.count < 0", 0,
        "this is never true or always: the left side is unsigned (size_t, which is u64) and never below 0; (i64) before it takes its sign bit for one")]
    [InlineData("tp_btf:sched_switch", "args.prev.coom == \"x\"", 10, "struct task_struct has no field coom; did you mean comm?")]
    [InlineData("kprobe:vfs_read", "hist(args.count) > 0", 0, "hist() is bpftrace's; here emit: has counter, sum, histogram and gauge")]
    [InlineData("kprobe:vfs_read", "kstack == 0", 0, "kstack is reserved until there is a profiler")]
    [InlineData("kprobe:vfs_read", "$x == 0", 0, "\"$x\" is not known; names have no $ here, and let gives them to expressions")]
    [InlineData("kprobe:vfs_read", "start.pid == 1", 0, "start belongs to pairs, and this probe has one event: without start. it means the same")]
    [InlineData("kprobe:vfs_read", "arg0.f_flagss == 1", 5, "struct file has no field f_flagss; did you mean f_flags?")]
    [InlineData("uprobe:libc.so.6:malloc", "arg0.size == 1", 0, "this is a number without a type; as(struct name, arg0).size takes it as a pointer to a struct")]
    [InlineData("uprobe:libc.so.6:malloc", "args.size > 10", 5,
        "arguments of uprobe:libc.so.6:malloc have no names, for programs carry no types; take arg0, arg1, ... in the order of the declaration")]
    [InlineData("kprobe:vfs_read", "SIGKIL == 9", 0, "\"SIGKIL\" is neither a built-in nor an enumerator of this kernel's types; did you mean SIGKILL")]
    [InlineData("kprobe:vfs_read", "frobnicate(comm)", 0,
        "there is no function frobnicate; there are ntohs, ntohl, htons, htonl, startswith, endswith, contains, in, log2, min, max, sizeof, str, kstr, ustr, as, ip4, ip6, reg, ksym, usym, first, ns, us, ms, user, kernel")]
    public void An_expression_that_does_not_fit_is_shown_with_what_would(string hook, string where, int column, string message)
    {
        ProbeDefinition definition = ProbeBinderTests.Parse($"on: [{hook}]\nwhere: '{where}'\nemit: [ counter: {{ name: a }} ]");
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(() => ProbeBinder.Bind(definition, KernelTypes.Any()));

        ProbeDiagnostic diagnostic = refused.Diagnostics[0];
        Assert.StartsWith(message, diagnostic.Message, StringComparison.Ordinal);
        Assert.Equal((where, column), (diagnostic.Excerpt!.Text, diagnostic.Excerpt.Start));
        // "    where: '" is before the expression in its line.
        Assert.Equal((5, 13 + diagnostic.Excerpt.Start), (diagnostic.Location.Line, diagnostic.Location.Column));
    }

    [Theory]
    [InlineData("sum", "-5", "a sum never falls, and this is -5: updown takes values of either sign")]
    [InlineData("counter", "2 - 3", "a counter never falls, and this is -1: updown takes values of either sign")]
    public void A_value_that_would_make_a_counter_fall_is_refused(string kind, string value, string message)
    {
        ProbeDefinition definition = ProbeBinderTests.Parse($"on: [kretprobe:vfs_read]\nemit: [ {kind}: {{ name: a, value: {value} }} ]");
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(() => ProbeBinder.Bind(definition, KernelTypes.Any()));
        Assert.Equal((message, 5), (refused.Diagnostics[0].Message, refused.Diagnostics[0].Location.Line));
    }

    [Fact]
    public void A_mark_stands_under_the_part_in_question()
    {
        ProbeDefinition definition = ProbeBinderTests.Parse("on: [kprobe:vfs_read]\nwhere: args.file.f_inod.i_ino > 0\nemit: [ counter: { name: a } ]");
        ProbeLanguageException refused = Assert.Throws<ProbeLanguageException>(() => ProbeBinder.Bind(definition, KernelTypes.Any()));

        Assert.Equal(
            """
            test.yaml:5:22: probes[0].where: struct file has no field f_inod; did you mean f_inode?
                args.file.f_inod.i_ino > 0
                          ^~~~~~
            """,
            refused.Message);
    }

    [Theory]
    [InlineData("pid = 1", "= assigns, and there is no assignment here; to compare, write ==", 4)]
    [InlineData("pid == ", "the expression ends where a value is expected", 6)]
    [InlineData("(pid == 1", "a \")\" is missing to close the bracket", 9)]
    [InlineData("pid == 1)", "this \")\" closes nothing", 8)]
    [InlineData("0 < pid < 10", "comparisons do not chain; write a < x && x < b", 8)]
    [InlineData("pid == 1 and tid == 2", "write && for \"and\"", 9)]
    [InlineData("comm == \"x", "this quote is not closed", 8)]
    [InlineData("pid == 20parsecs", "\"20parsecs\" is not a number; numbers may end in a unit of time (ns us ms s m h d) or size (k M G KiB MiB GiB)", 7)]
    [InlineData("pid == 99999999999999999999", "99999999999999999999 does not fit into 64 bits", 7)]
    [InlineData("@x == 1", "maps (@) belong to bpftrace; here emit: makes the series", 0)]
    [InlineData("&pid == 1", "addresses are not taken with &: a path to a struct is its address already", 0)]
    [InlineData("pid++ == 1", "++ changes a value, and nothing can be changed here", 3)]
    [InlineData("pid # 1", "'#' has no meaning in an expression", 4)]
    [InlineData("args.0", "an element is taken with brackets: [0]", 5)]
    public void Slips_of_syntax_are_met_at_their_place(string text, string message, int at)
    {
        ExpressionSyntaxException refused = Assert.Throws<ExpressionSyntaxException>(() => ExpressionParser.Parse(text));
        Assert.Equal((message, at), (refused.Message, refused.Span.Start));
    }
}
