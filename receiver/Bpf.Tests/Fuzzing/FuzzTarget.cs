namespace EbpfReceiver.Bpf.Tests.Fuzzing;

/// <summary>One parser of what others wrote.</summary>
/// <param name="Area">Its name, for the command line and for findings.</param>
/// <param name="Seeds">Sound inputs, which are damaged.</param>
/// <param name="Run">Takes an input; <see cref="BpfException"/> is the only exception that it may throw.</param>
/// <param name="Inputs">How many a short run takes.</param>
internal sealed record FuzzTarget(string Area, Func<byte[][]> Seeds, Action<byte[]> Run, int Inputs)
{
    public override string ToString() => Area;
}
