namespace EbpfReceiver.Identity;

/// <summary>The language runtime that an executable is, by its name: what <c>process.runtime.name</c> can be without reading the file.</summary>
internal static class RuntimeName
{
    /// <summary>The runtime; null if the name tells none.</summary>
    public static string? Of(ReadOnlySpan<char> executableName)
    {
        // python3.11, ruby3.1, php8.2, perl5.36.0: the version is part of the name.
        ReadOnlySpan<char> name = executableName.TrimEnd("0123456789.-");
        return name switch
        {
            "python" => "cpython",
            "pypy" => "pypy",
            "node" or "nodejs" => "nodejs",
            "bun" => "bun",
            "deno" => "deno",
            "java" => "java",
            "dotnet" => "dotnet",
            "ruby" => "ruby",
            "php" or "php-fpm" or "php-cgi" => "php",
            "perl" => "perl",
            "beam.smp" => "beam",
            _ => null,
        };
    }
}
