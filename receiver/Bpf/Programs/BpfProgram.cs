using System.Globalization;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A program in the kernel, verified and compiled. Attaching it gives links of their own, which keep it there when this is disposed.
/// </summary>
public sealed partial class BpfProgram : IDisposable
{
    private readonly FileDescriptor _descriptor;

    internal BpfProgram(ProgramSpec spec, FileDescriptor descriptor, IReadOnlyList<BpfMap> maps)
    {
        Spec = spec;
        Maps = maps;
        _descriptor = descriptor;
        Id = Info().Id;
    }

    /// <summary>What it was made from.</summary>
    public ProgramSpec Spec { get; }

    /// <summary>Id of the program, as bpftool shows it.</summary>
    public int Id { get; }

    /// <summary>
    /// The maps that it uses, data sections among them; <see cref="BpfMap.MemoryBytes"/> says what each takes. They may be those of other
    /// programs as well.
    /// </summary>
    public IReadOnlyList<BpfMap> Maps { get; }

    internal FileDescriptor Descriptor => _descriptor;

    internal bool IsDisposed => _descriptor.IsClosed;

    /// <summary>Asks the kernel about the program.</summary>
    /// <exception cref="BpfSyscallException">The kernel does not answer.</exception>
    public BpfProgramInfo Info()
    {
        using var lease = _descriptor.Lease();
        var info = default(ProgramInfo);
        var result = BpfSyscall.GetInfo(lease.Fd, ref info, out var known);
        if (result < 0)
            throw new BpfSyscallException("bpf(BPF_OBJ_GET_INFO_BY_FD)", (int)-result, $"asking about program {Spec.Name}");
        // The tag is a string of bytes, not a number.
        var tag = BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(info.Tag) : info.Tag;
        return new BpfProgramInfo(
            (int)info.Id,
            info.Name.ToString(),
            tag.ToString("x16", CultureInfo.InvariantCulture),
            (int)info.TranslatedLength,
            (int)info.JitedLength,
            info.VerifiedInstructions,
            TimeSpan.FromTicks((long)info.RunTime / TimeSpan.NanosecondsPerTick),
            (long)info.RunCount,
            known >= ProgramInfo.SizeWithMisses ? (long)info.RecursionMisses : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    /// <inheritdoc/>
    public override string ToString() => Spec.ToString();
}
