using System.Globalization;
using System.IO.Compression;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>What an object expects the kernel to define (Objects/externs.bpf.c), compared with /proc and the kernel's configuration.</summary>
internal static class ExternCases
{
    public static IEnumerable<LoaderCase> All { get; } =
    [
        new("extern.kconfig", Configuration),
        new("extern.ksym_address", _ => Symbols()),
        new("extern.ksym_variable", _ => Run("variables")),
        new("extern.kfunc", _ => Functions()),
    ];

    private static void Run(string program)
    {
        using var externs = CaseRun.Create("externs");
        externs.Run(program);
    }

    private static void Configuration(CaseRun run)
    {
        var configuration = KernelConfiguration();
        run.Fact("configuration_lines", configuration.Length);
        var hertz = configuration.FirstOrDefault(line => line.StartsWith("CONFIG_HZ=", StringComparison.Ordinal))?[10..] ?? "0";
        var (major, minor) = (CaseRun.Release / 1000, CaseRun.Release % 1000);
        using var externs = CaseRun.Create("externs", ("version", 256 * major + minor), ("has_config", configuration.Length > 0 ? 1u : 0u),
            ("hz", uint.Parse(hertz, CultureInfo.InvariantCulture)));
        externs.Run("configuration");
    }

    private static void Symbols()
    {
        var line = File.ReadLines("/proc/kallsyms").First(line => line.EndsWith(" bpf_prog_put", StringComparison.Ordinal));
        var spec = CaseRun.Spec("externs");
        spec.SetConstant("address", ulong.Parse(line.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        using var externs = CaseRun.Create(spec);
        externs.Run("symbols");
    }

    private static void Functions()
    {
        using var externs = CaseRun.Create("externs");
        using (externs.Object.Load("functions").Attach())
            CaseRun.Equal(0, SystemCall.SetName("loader-cases\0"u8), "prctl(PR_SET_NAME)");
        externs.Passed("functions", 1);
    }

    /// <summary>Lines of the configuration of the running kernel; none where it is not shown.</summary>
    private static string[] KernelConfiguration()
    {
        var boot = $"/boot/config-{File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";
        if (File.Exists(boot))
            return File.ReadAllLines(boot);
        if (!File.Exists("/proc/config.gz"))
            return [];
        using var file = File.OpenRead("/proc/config.gz");
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n');
    }
}
