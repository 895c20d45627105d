using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EbpfReceiver.LoaderCases;

/// <summary>struct verdict of Objects/check.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Verdict
{
    public uint Runs;

    /// <summary>Line of the first check that failed; 0 if all held.</summary>
    public uint FailedLine;

    public ulong Actual;
    public ulong Expected;

    public FactValues Facts;

    [InlineArray(16)]
    internal struct FactValues
    {
        private ulong _first;
    }
}
