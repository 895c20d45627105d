using Xunit;

namespace EbpfReceiver.Bpf.Tests;

/// <summary>
/// The kernels whose types programs are relocated against: the running one, and those whose BTF integration-tests/kernels/fetch.sh took
/// out of Debian's packages.
/// </summary>
internal static class KernelMatrix
{
    private const string Running = "running";

    public static TheoryData<string> Names => [Running, "5.10", "6.1", "6.12", "7"];

    /// <summary>A file of raw BTF; skips the test where there is none.</summary>
    public static string TypesOf(string kernel)
    {
        var path = kernel == Running ? BtfTypes.KernelPath : Path.Combine(Cache(), "kernels", kernel, "btf");
        Assert.SkipUnless(File.Exists(path), kernel == Running
            ? "this kernel shows no BTF"
            : $"{path} is not there: integration-tests/kernels/fetch.sh makes it");
        return path;
    }

    private static string Cache()
    {
        if (Environment.GetEnvironmentVariable("EBPF_RECEIVER_CACHE") is { Length: > 0 } cache)
            return cache;
        return RepositoryFolder.Find() is { } root ? Path.Combine(root, ".cache") : ".cache";
    }
}
