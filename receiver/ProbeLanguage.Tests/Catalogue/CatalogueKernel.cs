namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>A kernel by its types, with the formats of its tracepoints as it gave them once (Formats/VERSION.txt).</summary>
internal sealed class CatalogueKernel : TypesTarget
{
    private readonly Dictionary<string, string> _formats = new(StringComparer.Ordinal);

    private CatalogueKernel(string version, TypesTarget types)
        : base($"Linux {version}", types.Types)
    {
        string directory = Path.Combine(CatalogueFiles.Root, "receiver/ProbeLanguage.Tests/Catalogue/Formats"), name = "";
        foreach (string line in File.ReadLines(Path.Combine(directory, $"{version}.txt")).Concat(File.ReadLines(Path.Combine(directory, "syscalls.txt"))))
        {
            if (line.StartsWith('\t'))
                _formats[name] += line + "\n";
            else if (!line.StartsWith('#'))
                _formats[name = line] = "";
        }
    }

    /// <summary>A kernel; skips the test where its types are not there. The running one answers for itself.</summary>
    public static ProbeTarget Of(string version) => version == CatalogueGaps.Running
        ? new RunningMachine(KernelTypes.Of("running").Types)
        : new CatalogueKernel(version, KernelTypes.Of(version));

    public override string? TracepointFormat(string category, string name) => _formats.GetValueOrDefault($"{category}:{name}");

    public override IReadOnlyList<string>? Tracepoints(string category, string name) => [.. _formats.Keys.Where(HookResolver.Matcher($"{category}:{name}"))];
}
