using System.Diagnostics;
using System.Text.Json;
using EbpfReceiver.Cli;

namespace EbpfReceiver.Tests.Cli;

public sealed class ObjectCommandTests : IDisposable
{
    private const string Probe = """
        #define SEC(name) __attribute__((section(name), used))
        #define CORE __attribute__((preserve_access_index))
        char declared_license[] SEC("license") = "GPL";
        struct task { int first; int gone; } CORE;
        struct twice { int a; } CORE;
        struct { int (*type)[1]; int (*max_entries)[7]; int *key; long *value; int (*map_flags)[1]; } counts SEC(".maps");
        extern int CONFIG_HZ __attribute__((section(".kconfig"), weak));
        static void *(*lookup)(void *map, const void *key) = (void *)1;
        SEC("raw_tp/sys_enter") int reads(struct task *task) { int key = task->first + CONFIG_HZ; return lookup(&counts, &key) ? 1 : 0; }
        SEC("kprobe/do_exit") int misses(struct task *task) { return task->gone; }
        #ifdef TWICE
        SEC("tp/a/b") int differs(struct twice *twice) { return twice->a; }
        #endif
        """;

    private const string Kernel = """
        struct task { long before; int first; } *tasks;
        struct twice { int a; } *one;
        struct twice___again { int b; int a; } *other;
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("object-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Json_has_relocated_instructions_with_maps_as_in_the_object()
    {
        (int code, JsonElement report) = await ReportAsync(Compile("probe", Probe), "--btf", Compile("kernel", Kernel));
        Assert.Equal(ExitCode.Success, code);
        Assert.Equal(["programs", "maps", "externs", "error"], report.EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("error").ValueKind);

        JsonElement reads = report.GetProperty("programs")[0];
        Assert.Equal(
            ["name", "section", "type", "attachTarget", "instructions", "relocations", "loaded", "error"],
            reads.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ("reads", "raw_tp/sys_enter", "raw_tracepoint", "sys_enter"), (Text(reads, "name"), Text(reads, "section"), Text(reads, "type"), Text(reads, "attachTarget")));
        Assert.Equal(JsonValueKind.Null, reads.GetProperty("loaded").ValueKind);
        string instructions = Text(reads, "instructions");
        // r1 = *(u32 *)(r1 + 8), and the loads of the map and of the configuration value without what a loader writes there.
        Assert.Contains("6111080000000000", instructions);
        Assert.Contains("1801000000000000" + "0000000000000000", instructions);
        JsonElement relocation = Assert.Single(reads.GetProperty("relocations").EnumerateArray());
        Assert.Equal(("byte_off", "struct task.first", "0 -> 8"), (Text(relocation, "kind"), Text(relocation, "access"), Text(relocation, "result")));
        Assert.StartsWith("probe.c:9: ", Text(relocation, "source"));

        JsonElement misses = report.GetProperty("programs")[1];
        Assert.StartsWith("8500000010" + "23ad0b", Text(misses, "instructions"));
        Assert.StartsWith(
            "poisoned: This kernel's struct task has no .gone of the kind that is used (program misses, probe.c:10: ",
            Text(misses.GetProperty("relocations")[0], "result"));
        Assert.Equal(JsonValueKind.Null, misses.GetProperty("error").ValueKind);

        Assert.Equal(
            """{"name":"counts","type":"hash","keySize":4,"valueSize":8,"maxEntries":7,"flags":1}""",
            JsonSerializer.Serialize(JsonDocument.Parse(report.GetProperty("maps")[0].GetRawText()).RootElement));
        Assert.Equal("CONFIG_HZ kconfig", $"{Text(report.GetProperty("externs")[0], "name")} {Text(report.GetProperty("externs")[0], "kind")}");
    }

    [Fact]
    public async Task An_ambiguous_relocation_is_refused_and_the_other_programs_are_shown()
    {
        (int code, JsonElement report) = await ReportAsync(Compile("probe", Probe, "-DTWICE"), "--btf", Compile("kernel", Kernel));
        Assert.Equal(ExitCode.Failure, code);
        JsonElement differs = report.GetProperty("programs").EnumerateArray().Single(p => Text(p, "name") == "differs");
        Assert.Equal(JsonValueKind.Null, differs.GetProperty("instructions").ValueKind);
        Assert.Contains("of struct twice.a is ambiguous: the kernel's types", Text(differs, "error"));
        Assert.StartsWith("refused: ", Text(differs.GetProperty("relocations")[0], "result"));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("programs")[0].GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task What_the_verifier_refuses_is_said_with_the_field_and_the_line()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loading takes root");
        (int code, JsonElement report) = await ReportAsync(Compile("probe", Probe), "--btf", Compile("kernel", Kernel), "--load");
        Assert.Equal(ExitCode.Failure, code);
        JsonElement misses = report.GetProperty("programs")[1];
        Assert.False(misses.GetProperty("loaded").GetBoolean());
        Assert.StartsWith(
            "Program misses (kprobe/do_exit) needs struct task.gone, which this kernel does not have as the program knows it: ", Text(misses, "error"));
        Assert.True(report.GetProperty("programs")[0].GetProperty("loaded").GetBoolean());
    }

    [Fact]
    public async Task What_is_no_object_is_an_error_and_no_stack_trace()
    {
        string text = Path.Combine(_folder, "text.o");
        await File.WriteAllTextAsync(text, "no object", TestContext.Current.CancellationToken);
        foreach ((string[] arguments, string error) in new[]
        {
            (new[] { text }, "text: this is not an ELF file."),
            ([Path.Combine(_folder, "absent.o")], $"The object {_folder}/absent.o can't be read: "),
            ([Compile("probe", Probe), "--btf", text], $"{text}: BTF of 9 bytes is shorter than its header of 24."),
            ([Compile("probe", Probe), "--btf", "/bin/true"], "/bin/true: this ELF file has no section .BTF."),
        })
        {
            (int code, JsonElement report) = await ReportAsync(arguments);
            Assert.Equal(ExitCode.Failure, code);
            Assert.StartsWith(error, Text(report, "error"));
            Assert.Equal(0, report.GetProperty("programs").GetArrayLength());
        }
    }

    [Fact]
    public async Task Text_tells_the_same()
    {
        var output = new StringWriter();
        int code = await CommandLine.RunAsync(
            ["object", Compile("probe", Probe), "--btf", Compile("kernel", Kernel)], output, TextWriter.Null);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("reads  raw_tp/sys_enter  raw_tracepoint at sys_enter, ", output.ToString());
        Assert.Contains("byte_off  struct task.first 0 -> 8 probe.c:9: ", output.ToString());
        Assert.Contains("poisoned", output.ToString());
        Assert.Contains("counts   hash  ", output.ToString());
    }

    private static async Task<(int Code, JsonElement Report)> ReportAsync(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = await CommandLine.RunAsync(["object", .. arguments, "--json"], output, error);
        Assert.Equal("", error.ToString());
        return (code, JsonDocument.Parse(output.ToString()).RootElement);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private string Compile(string name, string source, string flags = "")
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText($"{path}.c", source);
        using var clang = Process.Start("clang", $"-target bpf -mcpu=v3 -O2 -g {flags} -c {path}.c -o {path}.o");
        clang.WaitForExit();
        Assert.Equal(0, clang.ExitCode);
        return $"{path}.o";
    }
}
