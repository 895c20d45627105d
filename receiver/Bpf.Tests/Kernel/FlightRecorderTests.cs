using System.Runtime.InteropServices;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

[Collection(KernelCollection.Name)]
public sealed class FlightRecorderTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(300)]
    public void A_snapshot_has_the_newest_samples_the_newest_first_and_recording_goes_on(int size)
    {
        KernelAccess.Require(KernelFeature.PerfBuffer);
        var before = Descriptors.Census();
        using (var samples = KernelAccess.Create("samples", ("target", (uint)Environment.ProcessId), ("sample_size", (uint)size)))
        using (var recorder = new FlightRecorder(samples.Map("samples"), pagesPerCpu: 1))
        using (CpuPin.To(0))
        {
            Assert.Equal(CpuList.Online().Length, recorder.Cpus);
            Assert.Empty(Take(recorder));
            using var link = samples.Load("on_getpgid").Attach();
            var newest = 0UL;
            foreach (var count in (int[])[3, 5000, 1, 777])
            {
                Getpgid.Sample(count);
                newest += (ulong)count;
                var taken = Take(recorder);
                // What fits into a page, but what was written over in part.
                var fitting = (ulong)(4096 / ((size + 12 + 7) & ~7));
                Assert.InRange((ulong)taken.Count, Math.Min(newest, fitting - 1), Math.Min(newest, fitting));
                for (var i = 0; i < taken.Count; i++)
                    Assert.Equal(newest - (ulong)i, taken[i]);
            }

            // Nothing was refused: old samples made room.
            Assert.Equal((newest, 0UL, 0UL), samples.Map(".bss").As<uint, (ulong, ulong, ulong)>()[0]);
        }

        Assert.Equal(before, Descriptors.Census());
    }

    private static List<ulong> Take(FlightRecorder recorder)
    {
        var sink = new NumberSink();
        Assert.Equal(recorder.Snapshot(sink), sink.Numbers.Count);
        Assert.Equal(1, sink.Drained);
        return sink.Numbers;
    }

    private sealed class NumberSink : ISampleSink
    {
        public List<ulong> Numbers { get; } = [];

        public int Drained { get; private set; }

        public void OnSample(int cpu, ReadOnlySpan<byte> sample)
        {
            var words = MemoryMarshal.Cast<byte, ulong>(sample);
            Assert.Equal(~words[0], words[1]);
            Numbers.Add(words[0]);
        }

        public void OnLost(int cpu, ulong count) => Assert.Fail("nothing is lost");

        public void OnDrained() => Drained++;
    }
}
