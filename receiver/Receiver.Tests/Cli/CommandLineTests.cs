using EbpfReceiver.Cli;

namespace EbpfReceiver.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help", "doctor")]
    [InlineData("run --help", "--config")]
    [InlineData("doctor --help", "--json")]
    [InlineData("validate --help", "--print-schema")]
    [InlineData("probes --help", "explain")]
    [InlineData("probes list --help", "--endpoint")]
    [InlineData("probes explain --help", "NAME")]
    [InlineData("tail --help", "--process")]
    [InlineData("object --help", "--btf")]
    public async Task Every_command_explains_itself(string arguments, string part)
    {
        (int code, string output, string error) = await RunAsync(arguments.Split(' '));
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains(part, output);
        Assert.Empty(error);
    }

    [Theory]
    [InlineData("validat", "ebpf-receiver: Unrecognized command or argument 'validat'.", "Try: ebpf-receiver --help")]
    [InlineData("validate --foo", "ebpf-receiver: Unrecognized command or argument '--foo'.", "Try: ebpf-receiver validate --help")]
    [InlineData("validate --config", "ebpf-receiver: Required argument missing for option: '--config'.", "Try: ebpf-receiver validate --help")]
    public async Task Usage_errors_end_with_code_2_and_point_to_the_help(string arguments, string message, string hint)
    {
        (int code, _, string error) = await RunAsync(arguments.Split(' '));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal([message, hint], error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    [InlineData("doctor")]
    [InlineData("probes list")]
    public async Task A_refused_configuration_ends_every_command_with_code_2(string command)
    {
        (int code, string output, string error) = await RunAsync([.. command.Split(' '), "--set", "metrics.intervall=1s"]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Equal("--set metrics.intervall: metrics.intervall: unknown key; did you mean interval?\n", error);
    }

    [Fact]
    public async Task Validate_says_what_would_run()
    {
        (int code, string output, _) = await RunAsync(["validate", "--set", "exporters.file.path=x.jsonl", "--set", "probes.exclude=tls"]);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("probes     process, tcp, dns, block, sched\n", output);
        Assert.Contains("file       x.jsonl\n", output);
    }

    [Fact]
    public async Task Nobody_answering_is_a_sentence_with_a_remedy_and_code_1()
    {
        (int code, _, string error) = await RunAsync(["tail", "--endpoint", "127.0.0.1:1"]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.StartsWith("ebpf-receiver: no receiver answers at 127.0.0.1:1\n", error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        int code = await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
