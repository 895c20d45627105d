using EbpfReceiver.CodeGeneration.Registry;

namespace EbpfReceiver.CodeGeneration.Tests.Registry;

internal static class RegistryFiles
{
    /// <summary>The folder of the solution that the tests were built from.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The registry as it is in the repository.</summary>
    public static TelemetryRegistry Registry { get; } = TelemetryRegistry.Load(Path.Combine(Root, "probes/registry"));

    private static string Find(string? folder) =>
        folder is null ? throw new DirectoryNotFoundException("The tests do not run inside the repository.")
        : File.Exists(Path.Combine(folder, "ebpf-receiver.sln")) ? folder
        : Find(Path.GetDirectoryName(folder));
}
