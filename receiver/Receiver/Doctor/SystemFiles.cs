namespace EbpfReceiver.Doctor;

/// <summary>Reads files of /proc and /sys below a root, so that tests can show it other machines.</summary>
internal sealed class SystemFiles(string root = "/")
{
    /// <summary>The content without the line break at its end; null when it is not there or may not be read.</summary>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(At(path)).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool Exists(string path) => File.Exists(At(path)) || Directory.Exists(At(path));

    /// <summary>Where a symbolic link leads; null when it is none or may not be read.</summary>
    public string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(At(path)).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string At(string path) => Path.Join(root, path);
}
