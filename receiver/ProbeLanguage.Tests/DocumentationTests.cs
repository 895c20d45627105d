using System.Text.Json;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>docs/probe-language.md says what is true: its examples are read, bound and compiled.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Kernels => KernelTypes.Names;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Examples_of_the_language_are_read_bound_and_compiled(string kernel)
    {
        TypesTarget target = KernelTypes.Of(kernel);
        int bound = 0;
        foreach (string example in Blocks("yaml"))
        {
            foreach (ProbeDefinition probe in ProbeFile.Parse(example, "probe-language.md").Probes)
            {
                ProbeBinding binding = ProbeBinder.Bind(probe, target);
                if (binding.Probe is null)
                {
                    // The records of system calls are in tracefs only.
                    Assert.Contains("tracefs", binding.MissingReason, StringComparison.Ordinal);
                    continue;
                }

                ProbeCompiler.Compile(binding.Probe, new() { KernelTypes = target.Types });
                bound++;
            }
        }

        Assert.True(bound >= 6, $"{bound} probes were bound");
    }

    [Fact]
    public void One_liners_of_the_documentation_are_taken()
    {
        foreach (string example in Blocks("bpftrace"))
        {
            foreach (ProbeDefinition probe in BpftraceImporter.Parse(example).Probes)
                Assert.NotEmpty(ProbeCompiler.Compile(ProbeBinder.Bind(probe, KernelTypes.Any()).Probe!).Programs);
        }
    }

    [Fact]
    public void The_schema_has_every_key_of_the_examples_and_refuses_others()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root(), "docs", "probe-file.schema.json")));
        JsonElement probe = schema.RootElement.GetProperty("$defs").GetProperty("probe");
        Assert.False(probe.GetProperty("additionalProperties").GetBoolean());
        string[] known = [.. probe.GetProperty("properties").EnumerateObject().Select(p => p.Name)];
        Assert.Equal(
            ["attach", "budget", "cost", "description", "emit", "enabled", "group", "key", "let", "limits", "look_for", "missing", "name", "on", "rate", "replaces", "scope", "where"],
            known.Order(StringComparer.Ordinal));

        // The reader knows the same keys: each is taken, or refused for its value.
        foreach (string key in known)
        {
            _ = ProbeFile.ParseLeniently($"version: 1\nprobes:\n  - {key}: x", "x.yaml", out IReadOnlyList<ProbeDiagnostic> diagnostics);
            Assert.DoesNotContain(diagnostics, d => d.Message.StartsWith("this key is not known", StringComparison.Ordinal));
        }
    }

    private static List<string> Blocks(string language)
    {
        var blocks = new List<string>();
        string[] parts = File.ReadAllText(Path.Combine(Root(), "docs", "probe-language.md")).Split($"```{language}\n");
        foreach (string part in parts.Skip(1))
            blocks.Add(part[..part.IndexOf("```", StringComparison.Ordinal)]);
        Assert.NotEmpty(blocks);
        return blocks;
    }

    private static string Root()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ebpf-receiver.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
