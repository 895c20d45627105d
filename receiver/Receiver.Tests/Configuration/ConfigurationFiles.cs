using EbpfReceiver.Configuration;

namespace EbpfReceiver.Tests.Configuration;

/// <summary>Writes configuration files for one test, and takes them away again.</summary>
internal sealed class ConfigurationFiles : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ebpf-receiver-configuration-");

    public Dictionary<string, string> Variables { get; } = [];

    public string Write(string name, string yaml)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, yaml);
        return path;
    }

    public ReceiverConfiguration Load(string? yaml, params string[] overrides) =>
        LoadFiles(yaml is null ? [] : [Write("a.yaml", yaml)], overrides);

    public ReceiverConfiguration LoadFiles(string[] files, params string[] overrides) => ConfigurationLoader.Load(new ConfigurationSources
    {
        Files = files,
        Overrides = overrides,
        Variable = name => Variables.GetValueOrDefault(name),
    });

    /// <summary>The errors with the directory taken off.</summary>
    public string[] Errors(string? yaml, params string[] overrides)
    {
        var e = Assert.Throws<ConfigurationException>(() => Load(yaml, overrides));
        return [.. e.Errors.Select(error => error.ToString().Replace(_directory.FullName + "/", "", StringComparison.Ordinal))];
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
