using System.Buffers.Binary;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage.Tests.Interpretation;

/// <summary>Writes the number of a map where the loader writes its descriptor.</summary>
internal static class ProgramReferences
{
    public static void Patch(byte[] code, MapReference reference, int number) =>
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(reference.InstructionIndex * 8 + 4), number);
}
