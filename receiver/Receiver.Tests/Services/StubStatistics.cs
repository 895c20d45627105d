using EbpfReceiver.Hosting;

namespace EbpfReceiver.Tests.Services;

internal sealed class StubStatistics : IReceiverStatistics
{
    public static readonly DateTimeOffset StartedAt = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<OwnMeasurement> Measurements() =>
        [new OwnMeasurement("ebpf_receiver.reader.wakeups", "{wakeup}", [], 12), new OwnMeasurement("process.cpu.time", "s", [new("cpu.mode", "user")], 1.25)];

    public ReceiverStatistics Snapshot() => new()
    {
        StartedAt = StartedAt,
        Samples = [new SampleStatistics("tcp_connection", 10, 7, [new DropStatistics("kernel", "buffer_full", 3)], 2, 6)],
        Dropped = [new DropStatistics("kernel", "buffer_full", 3)],
        ItemsPublished = 17,
        Outlets = [new OutletSummary("otlp", 17, 12, 1, 2, 2, 3, 1000, "The collector is not there.")],
        ProcessesKnown = 99,
        IdentityMisses = 4,
        ResidentBytes = 30_000_000,
        CpuTime = TimeSpan.FromSeconds(1.5),
    };
}
