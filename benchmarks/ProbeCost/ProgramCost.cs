using System.Diagnostics;
using System.Text.Json;

namespace EbpfReceiver.Benchmarks.ProbeCost;

/// <summary>What the kernel measured of some programs, as bpftool tells it: for those of other processes as for ours.</summary>
internal static class ProgramCost
{
    /// <summary>Run time in ns and runs of programs, summed over those of one name.</summary>
    public static Dictionary<int, (string Name, long Time, long Runs)> Read()
    {
        using var process = Process.Start(new ProcessStartInfo("bpftool", "-j prog show") { RedirectStandardOutput = true })!;
        using var document = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        var programs = new Dictionary<int, (string, long, long)>();
        foreach (var program in document.RootElement.EnumerateArray())
        {
            programs[program.GetProperty("id").GetInt32()] = (
                program.TryGetProperty("name", out var name) ? name.GetString()! : "", Number("run_time_ns"), Number("run_cnt"));

            long Number(string property) => program.TryGetProperty(property, out var value) ? value.GetInt64() : 0;
        }
        return programs;
    }
}
