using System.Diagnostics;
using System.Text.Json;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>bpftool, as a second opinion on what is in the kernel.</summary>
internal static class Bpftool
{
    /// <summary>True if it is installed and allowed to look at all objects.</summary>
    public static bool IsThere => File.Exists(Path) && CapabilitySet.OfThisProcess().Has(Capability.SysAdmin);

    private static string Path => File.Exists("/usr/sbin/bpftool") ? "/usr/sbin/bpftool" : "/usr/bin/bpftool";

    /// <summary>The JSON of a command, and its exit code.</summary>
    public static (int ExitCode, JsonElement Json) Run(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Path, ["--json", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors.Wait();
        return (process.ExitCode, JsonDocument.Parse(text.Length == 0 ? "null" : text).RootElement);
    }
}
