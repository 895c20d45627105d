namespace EbpfReceiver.Tests.Services;

internal static class Repository
{
    /// <summary>The folder of the solution that the tests were built from.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string? folder) =>
        folder is null ? throw new DirectoryNotFoundException("The tests do not run inside the repository.")
        : File.Exists(Path.Combine(folder, "ebpf-receiver.sln")) ? folder
        : Find(Path.GetDirectoryName(folder));
}
