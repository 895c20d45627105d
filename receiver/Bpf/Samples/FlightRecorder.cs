using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Perf buffers that are written over and over (write_backward), so that each always holds the newest samples of its CPU: nobody is woken
/// and nothing is lost but the oldest, until <see cref="Snapshot"/> is asked for what is there. Thread-safe.
/// </summary>
public sealed class FlightRecorder : IDisposable
{
    private readonly BpfMap _map;
    private readonly List<OverwriteRing> _rings = [];
    private readonly byte[] _wrapped = PerfRing.RoomForWrapped();
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Opens the buffers of all CPUs that run and puts them into the map.</summary>
    /// <param name="perfEventArray">The map; it has to stay open while this is.</param>
    /// <param name="pagesPerCpu">Pages of each CPU's buffer, a power of two; 64 are 256 KiB.</param>
    /// <exception cref="ArgumentException">The map is of another kind, or the number of pages no power of two.</exception>
    /// <exception cref="BpfSyscallException">A buffer can't be opened or mapped; everything is closed again.</exception>
    public FlightRecorder(BpfMap perfEventArray, int pagesPerCpu = 64)
    {
        ArgumentNullException.ThrowIfNull(perfEventArray);
        if (perfEventArray.Type != BpfMapType.PerfEventArray)
            throw new ArgumentException(
                $"Map {perfEventArray.Name} is a {perfEventArray.Type}, not a perf event array.", nameof(perfEventArray));
        if (!int.IsPow2(pagesPerCpu) || pagesPerCpu > 1 << 16)
            throw new ArgumentException($"The pages are a power of two up to 65536, not {pagesPerCpu}.", nameof(pagesPerCpu));
        _map = perfEventArray;
        try
        {
            Open(pagesPerCpu);
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>CPUs that are recorded.</summary>
    public int Cpus => _rings.Count;

    /// <summary>
    /// Hands out what is recorded, CPU by CPU, the newest sample of each first. Recording stops meanwhile (what programs put out then is
    /// refused, and counted by them) and goes on afterwards; the same samples come again the next time unless they were written over.
    /// </summary>
    /// <param name="sink">Takes the samples, valid during the call; then <see cref="ISampleSink.OnDrained"/> is called once.</param>
    /// <returns>The samples handed out.</returns>
    /// <exception cref="BpfSyscallException">Recording can't be stopped.</exception>
    public int Snapshot(ISampleSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var samples = 0;
            try
            {
                foreach (var ring in _rings)
                    ring.Pause(true);
                Thread.Sleep(1); // who was writing has finished
                foreach (var ring in _rings)
                    samples += ring.Read(sink, _wrapped);
            }
            finally
            {
                foreach (var ring in _rings)
                    ring.Pause(false);
            }

            sink.OnDrained();
            return samples;
        }
    }

    /// <summary>Takes the buffers out of the map and closes them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            Close();
        }
    }

    private void Open(int pages)
    {
        foreach (var cpu in CpuList.Online())
        {
            if ((uint)cpu >= _map.MaxEntries || OverwriteRing.Open(cpu, pages) is not { } ring)
                continue;
            _rings.Add(ring);
            using var lease = ring.Descriptor.Lease();
            var (index, fd) = (cpu, lease.Fd);
            _map.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in index)), MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in fd)));
        }

        if (_rings.Count == 0)
            throw new BpfException($"Map {_map.Name} has {_map.MaxEntries} entries, and none of those CPUs is running.");
    }

    private void Close()
    {
        foreach (var ring in _rings)
        {
            var cpu = ring.Cpu;
            _map.Delete(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in cpu)));
            ring.Dispose();
        }
    }
}
