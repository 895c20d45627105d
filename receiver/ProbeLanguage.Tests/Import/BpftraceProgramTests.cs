using EbpfReceiver.ProbeLanguage.Tests.Interpretation;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>Programs as people publish them mean the same here: what their statements come to is run, or looked at.</summary>
public sealed class BpftraceProgramTests
{
    [Theory]
    [InlineData("$k = 5; if (arg2 > 100) { $k = 1; if (arg2 > 10000) { $k = 2 } } @ = sum($k)", new long[] { 7, 5000, 20000, 101 }, 5 + 1 + 2 + 1)]
    [InlineData("if (arg2 > 100) { $k = 1 } else { $k = 10 } @ = sum($k)", new long[] { 7, 101, 102 }, 10 + 1 + 1)]
    [InlineData("if (arg2 > 100) { $k = 1 } else if (arg2 > 50) { $k = 10 } else { $k = 100 } @ = sum($k)", new long[] { 7, 51, 102 }, 100 + 10 + 1)]
    [InlineData("let $x = arg2; $x++; $x += 2; $x *= 2; $x <<= 1; @ = sum($x)", new long[] { 1, 2 }, (1 + 3) * 4 + (2 + 3) * 4)]
    [InlineData("let $x; $x = arg2; $y = $x; $x = $x - 1; @ = sum($y * 10 + $x)", new long[] { 3, 4 }, 32 + 43)]
    [InlineData("@ = @ + arg2", new long[] { 3, 4 }, 7)]
    [InlineData("@ = @ - 1", new long[] { 3, 4 }, -2)]
    [InlineData("if (arg2 > 100) { $k = 1; @ = sum($k) } else { $k = 2; @ = sum($k) }", new long[] { 7, 101, 102 }, 2 + 1 + 1)]
    public void Variables_have_the_values_that_they_were_given(string statements, long[] sizes, long expected)
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse($"kprobe:vfs_read {{ {statements} }}").Probes);
        CompiledProbe compiled = ProbeCompiler.Compile(ProbeBinder.Bind(probe, KernelTypes.Any()).Probe!);
        var machine = new BpfMachine(compiled.Object);
        foreach (long size in sizes)
        {
            // struct pt_regs of x86-64: the third argument is in dx, at 96.
            byte[] registers = new byte[168];
            BitConverter.GetBytes(size).CopyTo(registers, 96);
            machine.Run(compiled.Programs[0].Name, registers);
        }

        long sum = 0;
        foreach (SeriesLayout series in compiled.Series)
        {
            foreach ((_, ulong address) in machine.Map(series.MapName).Entries)
                sum += BitConverter.ToInt64(machine.Bytes(address), series.Value.SumOffset);
        }

        Assert.Equal(expected, sum);
    }

    [Theory]
    [InlineData("arg2 > 5")]
    [InlineData("!arg2")]
    [InlineData("pid == tid && arg2 != 0")]
    public void What_is_true_is_one_in_a_key(string key)
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse($"kprobe:vfs_read {{ @[{key}] = count() }}").Probes);

        BoundAttribute attribute = ProbeBinder.Bind(probe, KernelTypes.Any()).Probe!.Emitters[0].Attributes[0];

        Assert.Equal((ProbeType.U8, 0), (attribute.Type, attribute.Decoders.Count));
    }

    [Theory]
    [InlineData("strncmp(comm, \"nginx\", 3) == 0", "startswith(comm, \"ngi\")")]
    [InlineData("!strncmp(\"nginx\", comm, 5)", "startswith(comm, \"nginx\")")]
    [InlineData("strncmp(comm, \"nginx\", 6) == 0", "comm == \"nginx\"")]
    [InlineData("strncmp(comm, \"nginx\", 6) != 0", "!(comm == \"nginx\")")]
    [InlineData("pid > 1 && strncmp(comm, \"nginx\", 16) == 0", "pid > 1 && comm == \"nginx\"")]
    public void Comparisons_of_bytes_become_questions_about_texts(string predicate, string meaning)
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse($"kprobe:vfs_read /{predicate}/ {{ @ = count() }}").Probes);

        Assert.True(SyntaxRewriter.SaysTheSame(ExpressionParser.Parse(meaning), probe.Where!.Root), $"{probe.Where.Root}");
        Assert.NotNull(ProbeBinder.Bind(probe, KernelTypes.Any()).Probe);
    }

    [Theory]
    [InlineData("/cgroup == cgroupid(\"/sys/fs/cgroup/unified/a.slice\")/", "/a.slice", null)]
    [InlineData("/pid > 1 && cgroup == cgroupid(\"/sys/fs/cgroup/a/b/\") && uid == 0/", "/a/b", "pid > 1 && uid == 0")]
    [InlineData("/cgroup == cgroupid(\"/sys/fs/cgroup\")/", "/", null)]
    public void A_cgroup_in_a_predicate_is_a_scope(string predicate, string cgroup, string? rest)
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse($"kprobe:vfs_read {predicate} {{ @ = count() }}").Probes);

        Assert.Equal(cgroup, Assert.Single(probe.Scope!.Cgroups));
        Assert.Equal(rest is null, probe.Where is null);
        Assert.True(rest is null || SyntaxRewriter.SaysTheSame(ExpressionParser.Parse(rest), probe.Where!.Root));
    }

    [Fact]
    public void An_interval_that_ends_the_program_says_how_long_it_lasts()
    {
        ProbeFile file = BpftraceImporter.Parse("kprobe:vfs_read { @ = count() } interval:ms:500 { exit(); }");

        Assert.Single(file.Probes);
        Assert.Equal(TimeSpan.FromMilliseconds(500), file.Duration);
        Assert.Null(BpftraceImporter.Parse("kprobe:vfs_read { @ = count() }").Duration);
    }

    [Fact]
    public void Intervals_that_show_what_is_shown_anyway_are_left_out()
    {
        ProbeFile file = BpftraceImporter.Parse("interval:s:1 { time(\"%H:%M:%S\\n\"); print(@); } kprobe:vfs_read { @ = count(); } END { print(@, 5); }");
        Assert.Equal(HookKind.Kprobe, Assert.Single(file.Probes).On.End[0].Hooks[0].Kind);
    }

    [Fact]
    public void Joined_arguments_end_where_their_list_does()
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse("kprobe:vfs_read { join((char **)arg1); }").Probes);
        var log = Assert.IsType<LogDefinition>(Assert.Single(probe.Emit));

        Assert.Equal(8, log.Body!.Segments.Count(s => s.Expression is not null));
        Assert.Equal(8, log.Body.Segments.Where(s => s.Expression is not null).Select(s => s.Name).Distinct().Count());
        Assert.Equal(8, probe.Let.Count);
        Assert.IsType<ConditionalSyntax>(probe.Let[7].Expression.Root);
        Assert.NotEmpty(ProbeCompiler.Compile(ProbeBinder.Bind(probe, KernelTypes.Any()).Probe!).Programs);
    }

    [Fact]
    public void A_note_that_is_set_to_zero_at_the_end_is_deleted()
    {
        ProbeFile file = BpftraceImporter.Parse(
            "kprobe:vfs_read { @s[tid] = nsecs } kretprobe:vfs_read /@s[tid]/ { @ = hist(nsecs - @s[tid]); @s[tid] = 0; }");
        Assert.Equal("@", Assert.IsType<HistogramDefinition>(Assert.Single(Assert.Single(file.Probes).Emit)).Name);
    }

    [Fact]
    public void Numbers_in_printed_texts_are_numbers_whatever_their_type()
    {
        ProbeDefinition probe = Assert.Single(BpftraceImporter.Parse("kprobe:vfs_read { printf(\"%p %d %s\", args.buf, args.count, comm) }").Probes);
        BoundEmitter emitter = Assert.Single(ProbeBinder.Bind(probe, KernelTypes.Any()).Probe!.Emitters);

        Assert.Equal([ProbeType.U64, ProbeType.I64, ProbeType.Text(16)], emitter.Attributes.Select(a => a.Type));
    }
}
