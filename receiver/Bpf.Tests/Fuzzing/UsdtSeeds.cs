using System.Text;

namespace EbpfReceiver.Bpf.Tests.Fuzzing;

/// <summary>Notes and argument specifications as compilers make them.</summary>
internal static class UsdtSeeds
{
    public static readonly string[] Arguments =
    [
        "8@%rdi -4@%esi 8@%rax", "4@$-5 -4@-24(%rbp) 8@(%rax)", "8@16(%rax,%rbx,8) 1@(%rdi,%rsi) -2@%cx", "8@[sp, 16] 4@x19 -4@-7", "8@sym(%rip)",
        "1@%sil 2@%r15w 4@%r8d 8@%r9 4@1234567890123 8@%rdi 8@%rdi 8@%rdi 8@%rdi 8@%rdi 8@%rdi 8@%rdi 8@%rdi 8@%rdi 8@%rdi 8@%rdi",
    ];

    public static byte[] Notes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        foreach (var arguments in Arguments)
        {
            var description = new MemoryStream();
            foreach (var address in (ulong[])[0x1000, 0x2000, 0x3000])
                description.Write(BitConverter.GetBytes(address));
            description.Write(Encoding.ASCII.GetBytes($"provider\0name\0{arguments}\0"));
            writer.Write(8);
            writer.Write((int)description.Length);
            writer.Write(3);
            writer.Write("stapsdt\0"u8);
            writer.Write(description.ToArray());
            writer.Write(new byte[-(int)description.Length & 3]);
        }

        writer.Flush();
        return stream.ToArray();
    }
}
