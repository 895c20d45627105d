using System.Runtime.CompilerServices;
using EbpfReceiver.IntegrationTests.Processes;

namespace EbpfReceiver.IntegrationTests;

/// <summary>Where things are: the clone, its cache of downloads, and the programs that tests run.</summary>
internal static class Repository
{
    private static readonly Lazy<string> s_workload = new(() => Compile("workload", ["-pthread"]));
    private static readonly Lazy<string> s_tls = new(() => Compile("tls", ["-lssl", "-lcrypto"]));
    private static readonly Lazy<string> s_certificate = new(MakeCertificate);
    private static readonly Lazy<string> s_loaderReference = new(() => Compile("reference", ["-lbpf"], "Loader"));
    private static readonly Lazy<string> s_injector = new(() => Compile("injector", ["-lbpf"], "Losses"));
    private static readonly Lazy<string> s_hold = new(() => Compile("hold", [], "Life"));
    private static readonly Lazy<string> s_loaderCases = new(BuildLoaderCases);

    public static string Root { get; } = FindRoot();

    public static string Cache { get; } = Environment.GetEnvironmentVariable("EBPF_RECEIVER_CACHE") ?? Path.Combine(Root, ".cache");

    /// <summary>The binary that run.sh builds, or the one EBPF_RECEIVER names.</summary>
    public static string Receiver
    {
        get
        {
            string path = Environment.GetEnvironmentVariable("EBPF_RECEIVER") ?? Path.Combine(Root, "out", "ebpf-receiver");
            return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not there: build it with ./run.sh build");
        }
    }

    /// <summary>The program workload.c, compiled on first use.</summary>
    public static string Workload => s_workload.Value;

    /// <summary>The program tls.c, compiled on first use against this machine's libssl.</summary>
    public static string Tls => s_tls.Value;

    /// <summary>The program LoaderCases, built on first use if it is not up to date; the program that it probes is beside it.</summary>
    public static string LoaderCases => s_loaderCases.Value;

    /// <summary>The program Loader/reference.c, which loads objects with libbpf; compiled on first use.</summary>
    public static string LoaderReference => s_loaderReference.Value;

    /// <summary>The program Losses/injector.c, which puts samples of its own into the receiver's buffers; compiled on first use.</summary>
    public static string Injector => s_injector.Value;

    /// <summary>The program Life/hold.c, which holds a thread of another process still; compiled on first use.</summary>
    public static string Hold => s_hold.Value;

    /// <summary>Path of a certificate for localhost (.crt) and its key (.key), without the endings.</summary>
    public static string Certificate => s_certificate.Value;

    /// <summary>A new directory for what a test writes; kept, so that a failure can be looked into.</summary>
    public static string NewScratch([CallerMemberName] string name = "")
    {
        string path = Path.Combine(Path.GetTempPath(), "ebpf-receiver-tests", $"{name}-{Guid.NewGuid().ToString("N")[..8]}");
        Directory.CreateDirectory(path);
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ebpf-receiver.sln")))
                return at.FullName;
        }

        throw new DirectoryNotFoundException($"no ebpf-receiver.sln above {AppContext.BaseDirectory}");
    }

    private static string Compile(string name, string[] libraries, string folder = "workload")
    {
        string source = Path.Combine(Root, "integration-tests", folder, name + ".c");
        string program = Path.Combine(AppContext.BaseDirectory, name);
        if (!File.Exists(program) || File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(source))
            Command.Run("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, .. libraries]).EnsureSuccess();
        return program;
    }

    private static string BuildLoaderCases()
    {
        Command.Run(Path.Combine(Root, "integration-tests", "LoaderCases", "build.sh"), [], TimeSpan.FromMinutes(10)).EnsureSuccess();
        return Path.Combine(Cache, "loader-cases", "loader-cases");
    }

    private static string MakeCertificate()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "localhost");
        Command.Run("openssl",
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", path + ".key", "-out", path + ".crt",
        ]).EnsureSuccess();
        return path;
    }
}
