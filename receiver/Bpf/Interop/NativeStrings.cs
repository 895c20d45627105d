using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>An array of pointers to strings with terminators (char *const []), in memory that does not move.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly byte* _memory;

    public NativeStrings(IReadOnlyList<string> strings)
    {
        Pointers = new ulong[strings.Count];
        var encoded = new byte[strings.Count][];
        nuint length = 0;
        for (var i = 0; i < strings.Count; i++)
            length += (nuint)(encoded[i] = FileSyscalls.Terminated(strings[i])).Length;
        if (length == 0)
            return;
        _memory = (byte*)NativeMemory.Alloc(length);
        var at = _memory;
        for (var i = 0; i < encoded.Length; i++)
        {
            Pointers[i] = (ulong)at;
            encoded[i].CopyTo(new Span<byte>(at, encoded[i].Length));
            at += encoded[i].Length;
        }
    }

    /// <summary>Addresses of the strings; to be pinned while the kernel reads them.</summary>
    public ulong[] Pointers { get; }

    public void Dispose() => NativeMemory.Free(_memory);
}
