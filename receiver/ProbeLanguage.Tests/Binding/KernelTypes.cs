using System.Collections.Concurrent;
using EbpfReceiver.Bpf;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests;

/// <summary>The kernels that probes are bound to: the running one, and those whose types integration-tests/kernels/fetch.sh fetched.</summary>
internal static class KernelTypes
{
    private const string Running = "running";
    private static readonly ConcurrentDictionary<string, TypesTarget> Targets = new();

    public static TheoryData<string> Names => [Running, "5.10", "6.1", "6.12", "7"];

    /// <summary>A kernel; skips the test where its types are not there.</summary>
    public static TypesTarget Of(string kernel)
    {
        string path = kernel == Running ? BtfTypes.KernelPath : Path.Combine(Cache(), "kernels", kernel, "btf");
        Assert.SkipUnless(File.Exists(path), kernel == Running
            ? "this kernel shows no BTF"
            : $"{path} is not there: integration-tests/kernels/fetch.sh makes it");
        return Targets.GetOrAdd(kernel, k => new($"Linux {k}", BtfTypes.LoadFile(path)));
    }

    /// <summary>Any of them, for what does not depend on the kernel.</summary>
    public static TypesTarget Any() => File.Exists(BtfTypes.KernelPath) ? Of(Running) : Of("6.12");

    private static string Cache()
    {
        if (Environment.GetEnvironmentVariable("EBPF_RECEIVER_CACHE") is { Length: > 0 } cache)
            return cache;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ebpf-receiver.sln")))
                return Path.Combine(at.FullName, ".cache");
        }

        return ".cache";
    }
}
