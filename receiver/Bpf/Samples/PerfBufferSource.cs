using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A perf event array, with a buffer for each CPU that runs. A CPU that starts later gets its buffer then; of one that stops, the rest is
/// read and the buffer closed, since the kernel does not take the event up again when the CPU comes back.
/// </summary>
internal sealed class PerfBufferSource(BpfMap map, ISampleSink sink, SampleReaderOptions options, string? onlineCpus = null)
    : SampleSource(map, sink)
{
    private readonly byte[] _wrapped = PerfRing.RoomForWrapped();
    private readonly OnlineCpus _online = new(onlineCpus ?? OnlineCpus.KernelPath);
    private readonly Lock _counting = new();
    private PerfRing[] _rings = [];
    private long[] _samplesBefore = [];
    private FileDescriptor? _epoll;
    private bool _incomplete;
    private volatile int _cpus;
    private (long Samples, long Bytes, long Lost) _closed;

    /// <remarks>Counted when a program's samples find the buffer, not before.</remarks>
    public override int Cpus => _cpus;

    public override (long Samples, long Bytes, long Lost) Totals
    {
        get
        {
            lock (_counting)
            {
                var (samples, bytes, lost) = _closed;
                foreach (var ring in _rings)
                {
                    samples += ring.Samples;
                    bytes += ring.Bytes;
                    lost += ring.Lost;
                }

                return (samples, bytes, lost);
            }
        }
    }

    public override void Open(FileDescriptor epoll)
    {
        _epoll = epoll;
        _online.HasChanged(out var online);
        Adjust(online);
        if (_rings.Length == 0)
            throw new BpfException($"Map {Map.Name} has {Map.MaxEntries} entries, and none of those CPUs is running.");
    }

    public override DrainOutcome Drain(int limit)
    {
        var outcome = DrainOutcome.Nothing;
        foreach (var ring in _rings)
            outcome |= ring.Drain(Target, limit);
        return outcome;
    }

    public override void Maintain()
    {
        if (_online.HasChanged(out var online) || _incomplete || AnyStopped())
            Adjust(online);
    }

    public override void Detach()
    {
        foreach (var ring in _rings)
            TakeOutOfMap(ring.Cpu);
    }

    public override void Close()
    {
        foreach (var ring in _rings)
            Retire(ring);
        _online.Dispose();
    }

    /// <summary>
    /// Whether an event ended without the list of CPUs having changed, because a CPU went away and came back between two looks. Only those
    /// that delivered nothing since are asked; they are closed, so that <see cref="Adjust"/> opens them again.
    /// </summary>
    private bool AnyStopped()
    {
        var stopped = false;
        var rings = _rings; // letting one go replaces the array
        var before = _samplesBefore;
        for (var i = 0; i < rings.Length; i++)
        {
            var ring = rings[i];
            var quiet = ring.Samples == before[i];
            before[i] = ring.Samples;
            if (!quiet || ring.IsRunning())
                continue;
            LetGo(ring);
            stopped = true;
        }

        return stopped;
    }

    /// <summary>Lets buffers go whose CPUs stopped, and opens those of CPUs that have none.</summary>
    private void Adjust(int[] online)
    {
        foreach (var ring in _rings)
        {
            if (Array.IndexOf(online, ring.Cpu) < 0)
                LetGo(ring);
        }

        _incomplete = false;
        foreach (var cpu in online)
        {
            if ((uint)cpu >= Map.MaxEntries || Array.Exists(_rings, r => r.Cpu == cpu))
                continue;
            if (PerfRing.Open(cpu, options, _wrapped) is { } ring)
                TakeIn(ring);
            else
                _incomplete = true; // it stopped meanwhile, or is only about to run
        }
    }

    private void TakeIn(PerfRing ring)
    {
        // First, so that a failure of what follows leaves it with the others, to be closed with them.
        _rings = [.. _rings, ring];
        _samplesBefore = new long[_rings.Length];
        _samplesBefore.AsSpan().Fill(-1);
        EpollSyscall.Add(_epoll!, ring.Descriptor);
        using var lease = ring.Descriptor.Lease();
        var (index, fd) = (ring.Cpu, lease.Fd);
        Map.Update(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in index)), MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in fd)));
        _cpus = _rings.Length;
    }

    private void LetGo(PerfRing ring)
    {
        TakeOutOfMap(ring.Cpu);
        ring.Drain(Target, int.MaxValue);
        // The map may hold the event a moment longer, and as long as anything holds it, epoll would report it.
        EpollSyscall.Remove(_epoll!, ring.Descriptor);
        Retire(ring);
        _samplesBefore = new long[_rings.Length];
        _samplesBefore.AsSpan().Fill(-1);
    }

    private void Retire(PerfRing ring)
    {
        lock (_counting)
        {
            _closed = (_closed.Samples + ring.Samples, _closed.Bytes + ring.Bytes, _closed.Lost + ring.Lost);
            _rings = Array.FindAll(_rings, r => r != ring);
            _cpus = _rings.Length;
        }

        ring.Dispose();
    }

    private void TakeOutOfMap(int cpu) => Map.Delete(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in cpu)));
}
