namespace EbpfReceiver.Benchmarks.OtlpWriting;

/// <summary>One way to turn samples into OTLP bytes.</summary>
/// <param name="Name">Shown in the table.</param>
/// <param name="Write">Writes so many items and returns the bytes of the requests.</param>
internal sealed record Contender(string Name, Func<int, long> Write)
{
    /// <summary>CPU nanoseconds an item, a round each.</summary>
    public List<double> Nanoseconds { get; } = [];

    /// <summary>Bytes allocated for an item in the last round.</summary>
    public double Allocated { get; private set; }

    /// <summary>Bytes of an item on the wire, with its share of the envelope.</summary>
    public double Encoded { get; private set; }

    /// <summary>The median round.</summary>
    public double Median => Nanoseconds.Order().ElementAt(Nanoseconds.Count / 2);

    /// <summary>
    /// Runs one round. CPU time is that of the whole process, so that what a garbage collector does in the background counts, and
    /// what else the machine does does not.
    /// </summary>
    public void Measure(int items, bool keep)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long bytes = Write(items);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        if (!keep)
            return;
        Nanoseconds.Add(cpu.TotalNanoseconds / items);
        Allocated = (double)allocated / items;
        Encoded = (double)bytes / items;
    }
}
