using System.Globalization;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Fuzzing;

/// <summary>
/// Whatever is wrong with what others wrote is said with the exception that is documented, in bounded time and memory. In ./test.sh the
/// same inputs every time; with FUZZ_SECONDS as many as go into that time, of other seeds (or of FUZZ_SEED):
/// <c>FUZZ_SECONDS=600 dotnet run -c Release --project receiver/Bpf.Tests -- -method '*damaged_input*'</c>.
/// </summary>
public sealed class FuzzTests
{
    private static readonly TimeSpan ShortRun = TimeSpan.FromSeconds(8);

    public static TheoryData<string> Areas => [.. FuzzTargets.All.Select(target => target.Area)];

    [Theory, MemberData(nameof(Areas))]
    public void A_damaged_input_is_refused_or_read_and_nothing_else(string area)
    {
        var target = FuzzTargets.All.Single(target => target.Area == area);
        var seconds = Number("FUZZ_SECONDS");
        var seed = Number("FUZZ_SEED") ?? (seconds is null ? 20261122 : Environment.TickCount);
        var (inputs, finding) = seconds is { } time
            ? Fuzzer.Run(target, seed, long.MaxValue, TimeSpan.FromSeconds(time))
            : Fuzzer.Run(target, seed, target.Inputs, ShortRun);
        TestContext.Current.TestOutputHelper!.WriteLine($"{area}: {inputs} inputs of seed {seed}");
        Assert.True(finding is null, finding);
    }

    [Fact]
    public void Inputs_that_were_found_stay_harmless()
    {
        // AREA-WHAT.hex
        foreach (var path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Findings"), "*.hex"))
        {
            var target = FuzzTargets.All.OrderByDescending(target => target.Area.Length)
                .First(target => Path.GetFileName(path).StartsWith(target.Area + "-", StringComparison.Ordinal));
            Assert.Null(Fuzzer.Try(target, Convert.FromHexString(File.ReadAllText(path).Trim())));
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
