using System.Buffers.Binary;
using System.Diagnostics;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>The first program of the README, compiled as it is there (Example/Example.csproj) and run.</summary>
[Collection(KernelCollection.Name)]
public sealed class ReadmeTests
{
    private const int User = 61_501; // whom nobody else is
    private const int Starts = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_program_does_what_it_says()
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "becoming another user needs root");
        var folder = Directory.CreateTempSubdirectory("readme-").FullName;
        try
        {
            File.Copy(Toolchain.CompileBpf("Example/exec.bpf.c"), Path.Combine(folder, "exec.bpf.o"));
            using var example = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "EbpfReceiver.Bpf.Example"))
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            try
            {
                Assert.Equal("tp_btf sched_process_exec; return ends it", await NextLine());
                using (CpuPin.To(0))
                {
                    for (var i = 0; i < Starts; i++)
                    {
                        Toolchain.Run("true", "");
                        Toolchain.Run("setpriv", $"--reuid={User} --regid={User} --clear-groups true");
                    }
                }

                for (var seen = 0; seen < Starts;)
                    seen += UserOf(await NextLine()) == User ? 1 : 0;
                await example.StandardInput.WriteLineAsync();
                var rest = await example.StandardOutput.ReadToEndAsync(Stop).WaitAsync(Limit, Stop);
                await example.WaitForExitAsync(Stop).WaitAsync(Limit, Stop);
                Assert.Equal(0, example.ExitCode);
                Assert.Contains($"{User}: {Starts}\n", rest, StringComparison.Ordinal);
                // What root started is below the smallest user id that is looked at.
                Assert.DoesNotContain("\n0: ", "\n" + rest, StringComparison.Ordinal);
            }
            finally
            {
                if (!example.HasExited)
                    example.Kill();
            }

            async Task<string> NextLine() =>
                await example.StandardOutput.ReadLineAsync(Stop).AsTask().WaitAsync(Limit, Stop)
                ?? throw new InvalidOperationException("the example has ended");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>"CPU 0: 3DF00000...": the user in a sample.</summary>
    private static uint UserOf(string line)
    {
        Assert.StartsWith("CPU ", line, StringComparison.Ordinal);
        return BinaryPrimitives.ReadUInt32LittleEndian(Convert.FromHexString(line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }
}
