namespace EbpfReceiver.Bpf.Tests;

/// <summary>The clone that the tests run in.</summary>
internal static class RepositoryFolder
{
    /// <summary>Its path; null if they run elsewhere.</summary>
    public static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ebpf-receiver.sln")))
                return at.FullName;
        }

        return null;
    }
}
